//! Online endpoints and their deployments: shared by the checks about endpoints.

use super::place;
use crate::kinds::{
    Kind, ResourceId, Resources, Subject, online_deployment::OnlineDeployment,
    online_endpoint::OnlineEndpoint,
};

/// A deployment on machines of Azure (a managed endpoint), with all that it stands in.
#[derive(Clone, Copy)]
pub(super) struct Deployed<'a> {
    pub workspace: Subject<'a>,
    pub endpoint: Subject<'a>,
    pub deployment: Subject<'a>,
}

impl Deployed<'_> {
    pub(super) fn involves(self) -> Vec<ResourceId> {
        vec![self.endpoint.id, self.deployment.id]
    }

    pub(super) fn settings(self) -> OnlineDeployment {
        read!(OnlineDeployment, self.deployment)
    }
}

/// Deployments of managed endpoints; those on Kubernetes pull and read as their cluster.
pub(super) fn managed(all: &Resources) -> Vec<Deployed<'_>> {
    all.of(Kind::OnlineDeployment)
        .filter_map(|deployment| {
            let endpoint = deployment.within(Kind::OnlineEndpoint)?;
            let workspace = place::workspace_of(endpoint)?;
            let managed = read!(OnlineEndpoint, endpoint).compute.is_none();
            managed.then_some(Deployed { workspace, endpoint, deployment })
        })
        .collect()
}
