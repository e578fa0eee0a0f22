//! Can automated ML of SDK v1 read a datastore without a stored credential?
//!
//! It cannot: SDK v1 does not support identity-based data access for automated ML. The driver log asks
//! for a device login, and after signing in it says that "the compute or login identity" lacks a role;
//! roles for the user and for the workspace's identity change nothing, because neither reads. Copy the
//! data to the default datastore, store a key or SAS in the datastore, or use v2.
//!
//! Azure docs: "Use identity-based data access (v1)" (machine-learning/v1/how-to-identity-based-data-access).

use serde_json::json;

use super::{
    Actor, Check, Group, Plan, Requirement,
    data::{self, Way},
};
use crate::{
    kinds::Resources,
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "job.data.automl_identity",
    title: text(
        "Automated ML (v1) reads data without a credential",
        "自動 ML (v1) が資格情報なしでデータを読み取る",
    ),
    group: Group::Data,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "machine-learning/v1/how-to-identity-based-data-access";

fn plans(all: &Resources) -> Vec<Plan> {
    data::reads(all)
        .into_iter()
        .filter(|it| it.way() == Way::AutoMlWithoutCredential)
        .map(|it| {
            let nobody = Actor {
                who: None,
                step: Step::deny(
                    Hop::Actor,
                    text(
                        "no identity works: automated ML of SDK v1 reads only with a stored credential, so roles for the user or the workspace do not help",
                        "使用できる ID がありません。SDK v1 の自動 ML は保管された資格情報でのみ読み取るため、ユーザーやワークスペースへのロールの付与では解決しません",
                    ),
                )
                .at(it.data.id)
                .source(SOURCE),
            };
            let mut needs = vec![
                Requirement::said(
                    &nobody,
                    text("credential of {0}", "{0} の資格情報").with([arg(it.data.name())]),
                    vec![
                        Step::deny(
                            Hop::Credential,
                            text(
                                "{0} stores no credential; store an account key or SAS, or copy the data to the default datastore",
                                "{0} には資格情報がありません。アカウント キーか SAS を保管するか、データを既定のデータストアにコピーしてください",
                            )
                            .with([arg(it.data.name())]),
                        )
                        .at(it.data.id)
                        .source(SOURCE),
                    ],
                )
                .shows("sy-datastore-identity")
                .or_set(
                    text("Store the account key in {0}", "{0} にアカウント キーを保管する")
                        .with([arg(it.data.name())]),
                    it.data.id,
                    "credentials.credentialsType",
                    json!("AccountKey"),
                )
                .becoming("job.data.credential"),
            ];
            needs.extend(it.flows());
            Plan {
                subject: it.subject(),
                from: it.compute.id,
                involves: it.involves(),
                needs,
                notes: vec![
                    text(
                        "the driver log first asks for a device login: \"To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code xxxx to authenticate.\"",
                        "ドライバー ログには先にデバイス ログインの要求が出ます: \"To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code xxxx to authenticate.\"",
                    )
                    .into(),
                    text(
                        "the article of May 2020 found no way for computes to read such storage; since then jobs of v2 can, as their compute or as the user",
                        "2020 年 5 月の記事ではコンピューティングから利用する方法がありませんでしたが、現在は v2 のジョブがコンピューティングまたはユーザーの ID で読み取れます",
                    )
                    .into(),
                ],
            }
        })
        .collect()
}
