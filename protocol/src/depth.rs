//! A bound on JSON nesting, checked before anything is parsed.

/// The deepest nesting accepted anywhere: 128, the depth at which `serde_json` itself stops, so
/// that what passes here never fails later for depth, in the gateway or in a worker.
pub const MAX_DEPTH: usize = 128;

/// Whether `json` nests arrays and objects at most [`MAX_DEPTH`] deep.
///
/// One pass over the bytes, no allocation; says nothing about whether the text is valid JSON.
pub fn within_limit(json: &[u8]) -> bool {
    let mut depth = 0_usize;
    let mut bytes = json.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => skip_string(&mut bytes),
            b'[' | b'{' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return false;
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    true
}

fn skip_string(bytes: &mut std::slice::Iter<'_, u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
}
