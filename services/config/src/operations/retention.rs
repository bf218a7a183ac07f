use super::Config;
use crate::page::Page;
use crate::state::Retention;
use api_config::{
    DeleteRetentionConfiguration, DeleteRetentionConfigurationOutput, DescribeRetentionConfigurations,
    DescribeRetentionConfigurationsOutput, Error, NoSuchRetentionConfigurationException,
    PutRetentionConfiguration, PutRetentionConfigurationOutput, RetentionConfiguration,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

fn described(retention: &Retention) -> RetentionConfiguration {
    RetentionConfiguration { name: Retention::NAME.into(), retention_period_in_days: retention.days }
}

fn missing(name: &str) -> Error {
    let message = format!("Cannot find retention configuration with the specified name '{name}'.");
    NoSuchRetentionConfigurationException::new(message).into()
}

impl Transact<PutRetentionConfiguration> for Config {
    fn access(_: &PutRetentionConfiguration, _: &Call, _: &View) -> Access {
        Access::to("config:PutRetentionConfiguration")
    }

    fn run(
        input: PutRetentionConfiguration,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<PutRetentionConfigurationOutput, Error> {
        let retention = Retention { scope: call.scope(), days: input.retention_period_in_days };
        tx.put(retention.clone())?;
        Ok(PutRetentionConfigurationOutput { retention_configuration: Some(described(&retention)) })
    }
}

impl Transact<DescribeRetentionConfigurations> for Config {
    fn access(_: &DescribeRetentionConfigurations, _: &Call, _: &View) -> Access {
        Access::to("config:DescribeRetentionConfigurations")
    }

    fn run(
        input: DescribeRetentionConfigurations,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeRetentionConfigurationsOutput, Error> {
        let page = Page::new("retention", input.next_token.as_ref(), None, 25, 25)?;
        let known = tx.get::<Retention>(call.scope(), ())?;
        let names = input.retention_configuration_names.unwrap_or_default();
        if let Some(name) = names.iter().find(|name| known.is_none() || *name != Retention::NAME) {
            return Err(missing(name));
        }
        let (known, next_token) = page.of(known.into_iter().collect(), |_| Retention::NAME.to_owned())?;
        let known = known.iter().map(described).collect();
        Ok(DescribeRetentionConfigurationsOutput { retention_configurations: Some(known), next_token })
    }
}

impl Transact<DeleteRetentionConfiguration> for Config {
    fn access(_: &DeleteRetentionConfiguration, _: &Call, _: &View) -> Access {
        Access::to("config:DeleteRetentionConfiguration")
    }

    fn run(
        input: DeleteRetentionConfiguration,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteRetentionConfigurationOutput, Error> {
        let name = input.retention_configuration_name;
        if name != Retention::NAME || tx.remove::<Retention>(call.scope(), ())?.is_none() {
            return Err(missing(&name));
        }
        Ok(DeleteRetentionConfigurationOutput {})
    }
}
