//! What is shown after a bug ended the app: `public/recovery.js`. No code of ours runs any more, so the
//! page is plain script, which reads what was saved by itself.

use super::{storage, window};

/// Lets panics end on the recovery page.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        storage::set_crashed();
        if let Ok(stopped) = web_sys::Event::new("drawbridge:stopped") {
            let _ = window().dispatch_event(&stopped);
        }
    }));
}
