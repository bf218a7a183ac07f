//! The pages under `/_cloudchamber/labs`. The root of the first account may all of it; who signs with a lab's account only what concerns that.

use crate::attempts::Labs;
use crate::classes::{is_student, roster};
use crate::format::Lab;
use crate::html;
use crate::naming::is_name;
use crate::refusal::Refusal;
use crate::state::{Attempt, SCOPE, State, Submission};
use contract::{Context, Entry, Principal, Route, RouteAnswer, RouteRequest};
use indexmap::IndexMap;
use std::sync::Arc;
use store::View;
use wire::{Document, document};

/// `/_cloudchamber/labs…`.
pub(crate) struct LabsPage(pub(crate) Arc<Labs>);

/// Who asks.
enum Viewer {
    /// The root of the first account.
    Teacher,
    /// Somebody of an attempt's account.
    Student(Box<Attempt>),
    /// Somebody of another account, or of one that is closed: there is no lab for them, which they may know.
    Nobody,
}

type Answered = Result<RouteAnswer, Refusal>;

#[async_trait::async_trait]
impl Route for LabsPage {
    fn segment(&self) -> &'static str {
        "labs"
    }

    fn entry(&self) -> Entry {
        Entry::Signed
    }

    async fn answer(&self, request: RouteRequest, context: &Context) -> RouteAnswer {
        match self.respond(&request, context).await {
            Ok(answer) => answer,
            Err(refusal) => refusal.answer(),
        }
    }
}

impl LabsPage {
    fn viewer(&self, request: &RouteRequest, view: &View) -> Result<Viewer, Refusal> {
        let principal =
            request.signer.as_ref().map(|signer| &signer.principal).ok_or_else(Refusal::denied)?;
        if *principal == Principal::Root(self.0.first_account) {
            return Ok(Viewer::Teacher);
        }
        let account = principal.account().ok_or_else(Refusal::denied)?;
        match view.get::<Attempt>(SCOPE, account.to_string())? {
            Some(attempt) if attempt.state != State::Closed => Ok(Viewer::Student(Box::new(attempt))),
            _ => Ok(Viewer::Nobody),
        }
    }

    async fn respond(&self, request: &RouteRequest, context: &Context) -> Answered {
        let viewer = self.viewer(request, &context.store.view())?;
        let segments: Vec<&str> = request.path.split('/').filter(|segment| !segment.is_empty()).collect();
        match (request.method.as_str(), segments.as_slice()) {
            ("GET", []) => self.list(&viewer, context),
            _ if matches!(viewer, Viewer::Nobody) => Err(Refusal::denied()),
            ("GET", ["attempts"]) => self.attempts(&viewer, context),
            ("GET", ["classes"]) => {
                viewer.must_teach()?;
                Ok(RouteAnswer::json(200, &self.0.classes(context)?))
            }
            (_, ["attempts", account, rest @ ..]) => {
                let attempt = self.attempt(&viewer, account, context)?;
                self.of_attempt(&viewer, attempt, rest, request, context).await
            }
            (_, [name, rest @ ..]) => {
                if let Viewer::Student(attempt) = &viewer
                    && attempt.lab != *name
                {
                    return Err(Refusal::denied());
                }
                let lab = self.lab(name)?;
                self.of_lab(&viewer, &lab, rest, request, context).await
            }
            _ => Err(not_so()),
        }
    }

    fn lab(&self, name: &str) -> Result<Arc<Lab>, Refusal> {
        self.0.library.lab(name).cloned().ok_or_else(|| Refusal::no_lab(name))
    }

    fn list(&self, viewer: &Viewer, context: &Context) -> Answered {
        let labs: Vec<Document> = match viewer {
            Viewer::Teacher => self.0.library.labs().map(|lab| summary(lab)).collect(),
            Viewer::Student(attempt) => {
                let lab = self.lab(&attempt.lab)?;
                vec![summary(&lab).with("attempt", attempt.document(Some(&lab), context))]
            }
            Viewer::Nobody => Vec::new(),
        };
        let teacher = matches!(viewer, Viewer::Teacher);
        Ok(RouteAnswer::json(200, &document!({ "teacher": teacher, "labs": labs })))
    }

    fn attempts(&self, viewer: &Viewer, context: &Context) -> Answered {
        let attempts = match viewer {
            Viewer::Teacher => context.store.view().list::<Attempt>(SCOPE)?,
            Viewer::Student(attempt) => vec![(**attempt).clone()],
            Viewer::Nobody => Vec::new(),
        };
        let told = attempts.iter().map(|it| self.told(it, context));
        Ok(RouteAnswer::json(200, &Document::object().with("attempts", told.collect::<Vec<_>>())))
    }

    fn told(&self, attempt: &Attempt, context: &Context) -> Document {
        attempt.document(self.0.library.lab(&attempt.lab).map(Arc::as_ref), context)
    }

    /// An attempt that the viewer may see. To a student all others are as if they were not there.
    fn attempt(&self, viewer: &Viewer, account: &str, context: &Context) -> Result<Attempt, Refusal> {
        match viewer {
            Viewer::Student(attempt) if attempt.account.as_str() == account => Ok((**attempt).clone()),
            Viewer::Student(_) | Viewer::Nobody => Err(Refusal::denied()),
            Viewer::Teacher => context
                .store
                .view()
                .get::<Attempt>(SCOPE, account.to_owned())?
                .ok_or_else(Refusal::no_attempt),
        }
    }

    async fn of_lab(
        &self,
        viewer: &Viewer,
        lab: &Arc<Lab>,
        rest: &[&str],
        request: &RouteRequest,
        context: &Context,
    ) -> Answered {
        match (request.method.as_str(), rest) {
            ("GET", []) => {
                let mut told = whole(lab);
                if let Viewer::Student(attempt) = viewer {
                    told.set("guide", guide_of(lab, attempt));
                    told.set("attempt", attempt.document(Some(lab), context));
                }
                Ok(RouteAnswer::json(200, &told))
            }
            ("GET", ["files", name]) => {
                let missing = || Refusal::new(404, "NotFound", format!("This lab offers no file {name:?}."));
                let file = lab.file(name).ok_or_else(missing)?;
                let (name, text) = (file.name.as_str(), file.text.as_str());
                Ok(RouteAnswer::json(
                    200,
                    &document!({ "name": name, "contentType": (content_type(name)), "text": text }),
                ))
            }
            ("POST", ["start"]) => {
                viewer.must_teach()?;
                let members = members(request, &["student", "renew"])?;
                let student = text(&members, "student")?.unwrap_or("student").to_lowercase();
                if !is_student(&student) {
                    return Err(Refusal::invalid(
                        "student must be 1 to 32 lower-case letters, digits and hyphens, beginning with a letter.",
                    ));
                }
                let renew = match members.get("renew") {
                    None | Some(Document::Null) => false,
                    Some(Document::Boolean(renew)) => *renew,
                    Some(_) => return Err(Refusal::invalid("renew must be true or false.")),
                };
                let (attempt, credentials) = self.0.start(lab, &student, None, renew, context).await?;
                let status = if credentials.is_some() && !renew { 201 } else { 200 };
                let credentials = credentials.map(|it| it.document(&attempt, context));
                let told = document!({ "attempt": (attempt.document(Some(lab), context)), "credentials": credentials });
                Ok(RouteAnswer::json(status, &told))
            }
            ("POST", ["classes"]) => {
                viewer.must_teach()?;
                let members = members(request, &["class", "roster", "limits"])?;
                let class = text(&members, "class")?.unwrap_or_default();
                if !is_name(class) {
                    return Err(Refusal::invalid(
                        "class must be 1 to 40 lower-case letters, digits and hyphens, beginning with a letter.",
                    ));
                }
                let students = roster(text(&members, "roster")?.unwrap_or_default())?;
                let limits = match members.get("limits") {
                    None | Some(Document::Null) => IndexMap::new(),
                    Some(Document::Object(limits)) => limits.clone(),
                    Some(_) => return Err(Refusal::invalid("limits must be an object.")),
                };
                Ok(RouteAnswer::json(201, &self.0.enrol(lab, class, students, &limits, context).await?))
            }
            ("GET", ["classes", class]) => {
                viewer.must_teach()?;
                Ok(RouteAnswer::json(200, &self.0.results(lab, class, context).await?))
            }
            _ => Err(not_so()),
        }
    }

    async fn of_attempt(
        &self,
        viewer: &Viewer,
        attempt: Attempt,
        rest: &[&str],
        request: &RouteRequest,
        context: &Context,
    ) -> Answered {
        let open = || if attempt.is_open(context) { Ok(()) } else { Err(Refusal::closed()) };
        match (request.method.as_str(), rest) {
            ("GET", []) => {
                let told = document!({
                    "attempt": (self.told(&attempt, context)),
                    "submissions": (submissions(&attempt, &context.store.view())?),
                });
                Ok(RouteAnswer::json(200, &told))
            }
            ("GET", ["details"]) => {
                open()?;
                let lab = self.lab(&attempt.lab)?;
                Ok(RouteAnswer::json(200, &self.0.details(&lab, &attempt, context).await))
            }
            ("POST", [verb @ ("check" | "submit")]) => {
                open()?;
                members(request, &[])?;
                let lab = self.lab(&attempt.lab)?;
                let report = self.0.grade(&lab, &attempt, *verb == "submit", context).await?;
                Ok(RouteAnswer::json(200, &report.document()))
            }
            ("POST", ["reset"]) => {
                open()?;
                members(request, &[])?;
                let lab = self.lab(&attempt.lab)?;
                let (attempt, credentials) =
                    self.0.reset(&lab, attempt, viewer.must_teach().is_err(), context).await?;
                let credentials = credentials.document(&attempt, context);
                let told = document!({ "attempt": (attempt.document(Some(&lab), context)), "credentials": credentials });
                Ok(RouteAnswer::json(201, &told))
            }
            ("POST", ["credentials"]) => {
                viewer.must_teach()?;
                open()?;
                members(request, &[])?;
                let credentials = self.0.renew(&attempt, context).await?.document(&attempt, context);
                let told =
                    document!({ "attempt": (self.told(&attempt, context)), "credentials": credentials });
                Ok(RouteAnswer::json(200, &told))
            }
            ("GET", ["submissions"]) => {
                let submissions = submissions(&attempt, &context.store.view())?;
                Ok(RouteAnswer::json(200, &Document::object().with("submissions", submissions)))
            }
            ("GET", ["submissions", number, rest @ ..]) => {
                let number = match *number {
                    "latest" => Some(attempt.submissions),
                    number => number.parse().ok(),
                };
                let missing = || Refusal::new(404, "NotFound", "There is no such submission.");
                let key = (attempt.account.to_string(), u64::from(number.ok_or_else(missing)?));
                let submission = context.store.view().get::<Submission>(SCOPE, key)?.ok_or_else(missing)?;
                let gone =
                    || Refusal::new(410, "ReportGone", "Of a submission this old only the points are kept.");
                let report = submission.report.ok_or_else(gone)?;
                match rest {
                    [] => Ok(RouteAnswer::json(200, &report.document())),
                    ["report.html"] => {
                        Ok(RouteAnswer::new(200, "text/html; charset=utf-8", html::page(&report)))
                    }
                    _ => Err(not_so()),
                }
            }
            _ => Err(not_so()),
        }
    }
}

impl Viewer {
    fn must_teach(&self) -> Result<(), Refusal> {
        match self {
            Self::Teacher => Ok(()),
            Self::Student(_) | Self::Nobody => Err(Refusal::denied()),
        }
    }
}

fn not_so() -> Refusal {
    Refusal::new(404, "NotFound", "There is no such page of labs, or not by this method.")
}

/// The members of a JSON body, which may be empty.
fn members(request: &RouteRequest, known: &[&str]) -> Result<IndexMap<String, Document>, Refusal> {
    if request.body.is_empty() {
        return Ok(IndexMap::new());
    }
    let body = Document::parse_bytes(&request.body)
        .map_err(|error| Refusal::invalid(format!("The body is not JSON: {error}.")))?;
    let Document::Object(members) = body else {
        return Err(Refusal::invalid("The body must be a JSON object."));
    };
    if let Some(stranger) = members.keys().find(|name| !known.contains(&name.as_str())) {
        let known = if known.is_empty() { "no members".to_owned() } else { known.join(", ") };
        return Err(Refusal::invalid(format!("The body may have {known}, not {stranger}.")));
    }
    Ok(members)
}

fn text<'a>(members: &'a IndexMap<String, Document>, name: &str) -> Result<Option<&'a str>, Refusal> {
    match members.get(name) {
        None | Some(Document::Null) => Ok(None),
        Some(Document::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refusal::invalid(format!("{name} must be text."))),
    }
}

fn submissions(attempt: &Attempt, view: &View) -> Result<Document, Refusal> {
    let rows = view.scan::<Submission>(SCOPE, (attempt.account.to_string(),)).reverse().rows()?;
    let told = rows.iter().map(|it| {
        let at = it.at.iso_seconds();
        document!({ "number": (it.number), "at": at, "points": (it.points), "of": (it.of) })
    });
    Ok(told.collect())
}

fn summary(lab: &Lab) -> Document {
    document!({
        "name": (lab.name.as_str()),
        "title": (lab.title.as_str()),
        "summary": (lab.summary.as_str()),
        "level": (lab.level.as_str()),
        "minutes": (lab.minutes),
        "points": (lab.points()),
        "tasks": (i64::try_from(lab.tasks.len()).unwrap_or_default()),
        "builtIn": (lab.built_in),
    })
}

fn whole(lab: &Lab) -> Document {
    let tasks = lab.tasks.iter().map(|task| {
        let checks = task.checks.iter().map(|check| {
            document!({ "id": (check.id.as_str()), "says": (check.says.as_str()), "points": (check.points) })
        });
        document!({
            "id": (task.id.as_str()),
            "title": (task.title.as_str()),
            "points": (task.points()),
            "checks": (checks.collect::<Vec<_>>()),
        })
    });
    let files = lab.files.iter().map(|file| {
        let size = i64::try_from(file.text.len()).unwrap_or_default();
        let (name, says) = (file.name.as_str(), file.says.as_str());
        document!({ "name": name, "says": says, "contentType": (content_type(name)), "size": size })
    });
    summary(lab)
        .with("region", lab.region.as_str())
        .with("guide", lab.guide.as_str())
        .with("taskList", tasks.collect::<Vec<_>>())
        .with("files", files.collect::<Vec<_>>())
}

/// The guide with the attempt's own names in it.
fn guide_of(lab: &Lab, attempt: &Attempt) -> String {
    let guide = lab.guide.replace("${account}", attempt.account.as_str());
    guide.replace("${region}", attempt.region.as_str()).replace("${student}", &attempt.student)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("yaml" | "yml") => "application/yaml",
        Some("json") => "application/json",
        _ => "text/plain",
    }
}
