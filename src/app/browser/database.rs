//! `IndexedDB` as futures, and no more of it than saved designs need.
//!
//! Straight on `web-sys`: two promises, one for a request and one for a transaction, are all that the app
//! uses, where the crates for it bring builders, cursors and error types into the download.
//!
//! A future that waits inside a transaction may wait for requests of this transaction only: the browser
//! commits it as soon as none is left. <https://www.w3.org/TR/IndexedDB/>

use std::cell::RefCell;

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, IdbDatabase, IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransaction};

use super::window;

const NAME: &str = "drawbridge";
const STORE: &str = "versions";

thread_local! {
    static DATABASE: RefCell<Option<IdbDatabase>> = const { RefCell::new(None) };
}

/// Name of the browser's exception, such as `QuotaExceededError`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(pub String);

impl From<JsValue> for Failure {
    fn from(thrown: JsValue) -> Failure {
        Failure(thrown.dyn_ref::<DomException>().map(DomException::name).unwrap_or_default())
    }
}

type Result<T> = std::result::Result<T, Failure>;

/// Reading, or writing so that what is written outlives a crash of the machine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Read,
    Write,
}

/// The store of versions within one transaction.
pub struct Transaction {
    handle: IdbTransaction,
    pub store: IdbObjectStore,
    ended: JsFuture,
}

impl Transaction {
    pub async fn begin(mode: Mode) -> Result<Transaction> {
        let open = DATABASE.with_borrow(Clone::clone);
        if let Some(open) = open
            && let Ok(it) = Transaction::on(&open, mode)
        {
            return Ok(it);
        }
        // The first time, or the browser has closed the database, as it does when its data is cleared.
        let opened = open_database().await?;
        let begun = Transaction::on(&opened, mode);
        DATABASE.set(Some(opened));
        begun
    }

    fn on(database: &IdbDatabase, mode: Mode) -> Result<Transaction> {
        let options = Object::new();
        let mode = match mode {
            Mode::Read => "readonly",
            Mode::Write => {
                Reflect::set(&options, &"durability".into(), &"strict".into())?;
                "readwrite"
            }
        };
        // web-sys knows the third argument behind its flag for unstable parts only.
        let begin: Function = Reflect::get(database, &"transaction".into())?.dyn_into()?;
        let transaction: IdbTransaction =
            begin.call3(database, &STORE.into(), &mode.into(), &options)?.dyn_into()?;
        let store = transaction.object_store(STORE)?;
        let ended = JsFuture::from(Promise::new(&mut |resolve, reject| {
            transaction.set_oncomplete(Some(&resolve));
            transaction.set_onabort(Some(&reject));
        }));
        Ok(Transaction { handle: transaction, store, ended })
    }

    /// Waits until all of it is on disk, or none.
    pub async fn end(self) -> Result<()> {
        match self.ended.await {
            Ok(_) => Ok(()),
            Err(_) => Err(Failure(
                self.handle.error().as_ref().map(DomException::name).unwrap_or_default(),
            )),
        }
    }

    /// Takes back all of it.
    pub fn abort(self) {
        // Refused only where it has ended already.
        let _ = self.handle.abort();
    }

    /// Lets the browser finish it without this page, which is about to go.
    #[expect(deprecated, reason = "web-sys takes it for a part of Firefox; it is in the standard")]
    pub fn commit(&self) {
        let _ = self.handle.commit();
    }
}

async fn open_database() -> Result<IdbDatabase> {
    let factory = window().indexed_db()?.ok_or(Failure(String::new()))?;
    let request = factory.open_with_u32(NAME, 1)?;
    let new = request.clone();
    let upgrade = Closure::once_into_js(move || {
        if let Ok(Ok(database)) = new.result().map(JsValue::dyn_into::<IdbDatabase>) {
            // What cannot be made now is missed by the first transaction.
            let _ = database.create_object_store(STORE);
        }
    });
    request.set_onupgradeneeded(upgrade.dyn_ref());
    let database: IdbDatabase = result(&request).await?.dyn_into()?;
    // A newer app in another tab may change the database: this tab does not stand in its way.
    let open = database.clone();
    let close = Closure::once_into_js(move || open.close());
    database.set_onversionchange(close.dyn_ref());
    Ok(database)
}

/// The outcome of a request, watched from now on.
pub fn result(request: &IdbRequest) -> impl Future<Output = Result<JsValue>> + use<> {
    let request = request.clone();
    let done = JsFuture::from(Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    }));
    async move {
        match done.await {
            Ok(_) => Ok(request.result()?),
            Err(_) => {
                Err(Failure(request.error()?.as_ref().map(DomException::name).unwrap_or_default()))
            }
        }
    }
}

/// All keys that are arrays and begin with `first`.
pub fn keys_with(first: f64) -> Result<IdbKeyRange> {
    let from = Array::of1(&first.into());
    // An array sorts behind every number.
    let to = Array::of2(&first.into(), &Array::new());
    Ok(IdbKeyRange::bound(&from, &to)?)
}
