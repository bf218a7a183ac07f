use crate::support::{cloud, fails, user};
use api_iam::{
    AddUserToGroup, CreateGroup, DeleteGroup, GetGroup, ListGroups, ListGroupsForUser, RemoveUserFromGroup,
    UpdateGroup,
};

#[tokio::test]
async fn a_group_has_members_under_any_name() {
    let cloud = cloud();
    let root = cloud.root();
    user(&cloud, "ann", None).await;
    let made = root
        .call(CreateGroup { group_name: "Ops".into(), path: Some("/staff/".into()) })
        .await
        .unwrap()
        .group;
    assert!(made.group_id.starts_with("AGPA"));
    fails(
        root.call(CreateGroup { group_name: "ops".into(), path: None }).await,
        "EntityAlreadyExists",
        "Group with name ops already exists.",
    );
    root.call(AddUserToGroup { group_name: "Ops".into(), user_name: "ann".into() }).await.unwrap();
    root.call(UpdateGroup {
        group_name: "Ops".into(),
        new_path: None,
        new_group_name: Some("Operators".into()),
    })
    .await
    .unwrap();
    let groups =
        root.call(ListGroupsForUser { user_name: "ann".into(), ..Default::default() }).await.unwrap().groups;
    assert_eq!(groups[0].arn, "arn:aws:iam::111122223333:group/staff/Operators");
    let get = |name: &str| GetGroup { group_name: name.into(), marker: None, max_items: None };
    assert_eq!(root.call(get("Operators")).await.unwrap().users[0].user_name, "ann");
    fails(root.call(get("Ops")).await, "NoSuchEntity", "The group with name Ops cannot be found.");
    let delete = || DeleteGroup { group_name: "Operators".into() };
    let conflict = "Cannot delete entity, must remove users from group first.";
    fails(root.call(delete()).await, "DeleteConflict", conflict);
    let remove = || RemoveUserFromGroup { group_name: "Operators".into(), user_name: "ann".into() };
    root.call(remove()).await.unwrap();
    root.call(remove()).await.unwrap();
    root.call(delete()).await.unwrap();
    assert!(root.call(ListGroups::default()).await.unwrap().groups.is_empty());
}

#[tokio::test]
async fn a_user_is_in_ten_groups_at_most() {
    let cloud = cloud();
    let root = cloud.root();
    user(&cloud, "ann", None).await;
    for number in 0..11 {
        let group_name = format!("g{number}");
        root.call(CreateGroup { group_name: group_name.clone(), path: None }).await.unwrap();
        let added = root.call(AddUserToGroup { group_name, user_name: "ann".into() }).await;
        if number == 10 {
            fails(added, "LimitExceeded", "Cannot exceed quota for GroupsPerUser: 10");
        } else {
            added.unwrap();
        }
    }
    let page = ListGroupsForUser { user_name: "ann".into(), marker: None, max_items: Some(7) };
    let first = root.call(page.clone()).await.unwrap();
    assert_eq!((first.groups.len(), first.is_truncated), (7, Some(true)));
    let rest = root.call(ListGroupsForUser { marker: first.marker, ..page }).await.unwrap();
    assert_eq!(rest.groups.len(), 3);
}
