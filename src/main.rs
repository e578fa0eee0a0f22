//! Mounts the app, nothing else.

fn main() {
    drawbridge::app::mount();
}
