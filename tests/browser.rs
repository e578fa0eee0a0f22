//! What only a real browser can show, and what is too small for Playwright. `cargo xtask test wasm` runs it in Chromium.
#![cfg(target_arch = "wasm32")]

use drawbridge::text::{Lang, Text};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn the_core_runs_in_a_browser() {
    let subnet = Text { en: "Subnet", ja: "サブネット" };
    assert!(web_sys::window().is_some());
    assert_eq!(subnet.get(Lang::Ja), "サブネット");
}
