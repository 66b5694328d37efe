//! What a client wants to hear about, and how much of it this gateway can tell (rule U-1).

use penstock_protocol::frame::List;
use serde::{Deserialize, Serialize};

use crate::permission::Permission;
use crate::rpc::tasks::TaskId;
use crate::topics::Topic;

/// Resources one subscription follows; the acknowledgement leaves further ones out.
const MAX_RESOURCES: usize = 64;

/// Resources of a filter that are looked at: each may take a decision by policies.
const MAX_LOOKED_AT: usize = 4 * MAX_RESOURCES;

/// MCP `SubscriptionFilter`.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Filter {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    tools_list_changed: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    prompts_list_changed: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    resources_list_changed: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resource_subscriptions: Vec<String>,
    /// Of the tasks extension.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) task_ids: Vec<TaskId>,
}

impl Filter {
    /// The part that concerns what the catalog serves and the caller may read, and `tasks`.
    pub(super) fn honoured(self, permission: &Permission<'_>, tasks: Vec<TaskId>) -> Self {
        let catalog = permission.catalog();
        let mut resources = Vec::new();
        let may_read = |uri: &str| catalog.locate(uri).is_some_and(|located| permission.read(&located, uri).is_ok());
        for uri in self.resource_subscriptions.into_iter().take(MAX_LOOKED_AT) {
            if resources.len() < MAX_RESOURCES && !resources.contains(&uri) && may_read(&uri) {
                resources.push(uri);
            }
        }
        Self {
            tools_list_changed: self.tools_list_changed,
            prompts_list_changed: self.prompts_list_changed && catalog.has_prompts(),
            resources_list_changed: self.resources_list_changed && catalog.has_resources(),
            resource_subscriptions: resources,
            task_ids: tasks,
        }
    }

    /// The topics it names.
    pub(super) fn topics(&self) -> impl Iterator<Item = Topic> {
        let lists = [
            (self.tools_list_changed, List::Tools),
            (self.prompts_list_changed, List::Prompts),
            (self.resources_list_changed, List::Resources),
        ];
        let lists = lists.into_iter().filter_map(|(wanted, list)| wanted.then_some(Topic::List(list)));
        let resources = self.resource_subscriptions.iter().cloned().map(Topic::Resource);
        lists.chain(resources).chain(self.task_ids.iter().cloned().map(Topic::Task))
    }
}
