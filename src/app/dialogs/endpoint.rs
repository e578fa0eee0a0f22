//! A private endpoint for a resource, with the zones, links and records that its names need: one step.

use leptos::prelude::*;

use super::{
    super::{
        editor::Editor,
        report::fixes::FixButton,
        say::{named, say},
        session::{Dialog, SessionStoreFields as _},
    },
    Frame,
};
use crate::{
    kinds::ResourceId,
    report::{may_have_endpoint, private_endpoints, tried},
    text::text,
};

impl Editor {
    /// The selected resource, where a private endpoint could lead to it.
    pub fn endpoint_target(self) -> Option<ResourceId> {
        let id = self.single()?;
        self.design.with(|it| may_have_endpoint(it, id)).then_some(id)
    }

    /// Adds the only private endpoint that there can be, or asks which.
    pub fn add_endpoint(self) {
        let Some(target) = untrack(|| self.endpoint_target()) else { return };
        let offers = self.design.with_untracked(|it| private_endpoints(it, target));
        if let [only] = &offers[..] {
            if self.dispatch_aloud(only.edit.clone()) {
                self.show_resource(only.endpoint);
            }
        } else if offers.is_empty() {
            self.refuse(text(
                "Every network has a private endpoint for this resource already",
                "すべてのネットワークに、このリソースのプライベート エンドポイントが既にあります",
            ));
        } else {
            self.session.dialog().set(Some(Dialog::Endpoint(target)));
        }
    }
}

#[component]
pub(super) fn EndpointDialog(target: ResourceId) -> impl IntoView {
    let editor = Editor::here();
    let offers = editor.design.with_untracked(|it| private_endpoints(it, target));
    let mut groups: Vec<&'static str> = Vec::new();
    for it in &offers {
        if !groups.contains(&it.group) {
            groups.push(it.group);
        }
    }
    let group = RwSignal::new(groups.first().copied().unwrap_or_default());
    let offers = StoredValue::new(offers);
    let subnet = RwSignal::new(None::<ResourceId>);
    let of_group = move || {
        let group = group.get();
        offers.with_value(|all| {
            all.iter().filter(|it| it.group == group).cloned().collect::<Vec<_>>()
        })
    };
    let chosen = move || {
        let all = of_group();
        let wanted = all.iter().find(|it| Some(it.subnet) == subnet.get());
        wanted.or(all.first()).cloned()
    };
    let all_groups = groups.clone();
    let groups = groups.into_iter().map(|it| view! { <option value=it>{it}</option> });
    let groups = groups.collect_view();
    let subnets = move || {
        let options = of_group().into_iter().map(|it| {
            let network = editor.design.with_untracked(|design| {
                let it = design.resources.subject(it.subnet)?;
                Some(format!("{} / {}", it.parent()?.name(), it.name()))
            });
            view! { <option value=it.subnet.0.to_string()>{network}</option> }
        });
        options.collect_view()
    };
    let fix = move || {
        let it = chosen()?;
        let fix = editor.design.with_untracked(|design| tried(design, it.title, it.edit));
        Some(view! { <FixButton fix=fix label=text("Add", "追加")/> })
    };
    view! {
        <Frame title=named(text("Add a private endpoint", "プライベート エンドポイントの追加"))>
            <div class="dialog-body">
                <p class="dialog-help">
                    {say(text(
                        "It comes with the private DNS zones of its names, their links to the network and the records. Public access stays as it is.",
                        "名前に必要なプライベート DNS ゾーン、ネットワークへのリンク、レコードも追加します。パブリック アクセスは変更しません。",
                    ))}
                </p>
                <div class="address-form">
                    <label>
                        {say(text("Target sub-resource", "ターゲット サブリソース"))}
                        <select
                            id="endpoint-group"
                            on:change=move |event| {
                                let value = event_target_value(&event);
                                if let Some(it) = all_groups.iter().find(|it| **it == value) {
                                    group.set(it);
                                }
                            }
                        >
                            {groups}
                        </select>
                    </label>
                    <label>
                        {say(text("Subnet", "サブネット"))}
                        <select
                            id="endpoint-subnet"
                            on:change=move |event| {
                                subnet.set(event_target_value(&event).parse().ok().map(ResourceId));
                            }
                        >
                            {subnets}
                        </select>
                    </label>
                </div>
                // The button adds it; there is nothing more to ask then.
                <div
                    on:click=move |event| {
                        let button = event_target::<web_sys::Element>(&event).closest("button");
                        if button.is_ok_and(|it| it.is_some()) {
                            editor.session.dialog().set(None);
                        }
                    }
                >
                    {fix}
                </div>
            </div>
        </Frame>
    }
}
