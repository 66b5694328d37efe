//! Where the gateway answers differently, and by which rule.

/// Cases the two servers answer differently, for one reason.
pub(crate) struct Difference {
    /// What justifies our answer, or says why it is not justified yet.
    pub(crate) rule: &'static str,
    pub(crate) ours: &'static str,
    pub(crate) theirs: &'static str,
    pub(crate) cases: &'static [&'static str],
}

/// Where ours is right, or at least as good.
pub(crate) const DIFFERENCES: &[Difference] = &[
    Difference {
        rule: "SCH ParseError, E-1: what is no JSON gets a -32700 that a client can read",
        ours: "400 json -32700, no id",
        theirs: "415 text",
        cases: &[
            "UTF-16",
            "byte order mark",
            "comment",
            "empty body",
            "no UTF-8",
            "overlong UTF-8",
            "raw control character",
            "single quotes",
            "trailing comma",
            "trailing text",
            "truncated",
            "two messages",
            "white space",
        ],
    },
    Difference {
        rule: "IX Messages, E-1: what is no JSON-RPC message gets a -32600; its id cannot be read",
        ours: "400 json -32600, no id",
        theirs: "415 text",
        cases: &[
            "batch of one",
            "empty array",
            "empty object",
            "eras: batch 2025-06-18",
            "eras: batch 2025-11-25",
            "eras: modern batch",
            "id array",
            "id boolean",
            "id float",
            "id null",
            "id object",
            "null",
            "number",
            "string",
        ],
    },
    Difference {
        rule: "S-6: an id named twice is no id; S-7: depth is bounded before anything is read",
        ours: "400 json -32600, no id",
        theirs: "415 text",
        cases: &["id twice", "nested too deep", "nothing but depth"],
    },
    Difference {
        rule: "IX Messages, E-1, S-6: what is no request gets a -32600 with the id it has",
        ours: "400 json -32600, id",
        theirs: "415 text",
        cases: &[
            "jsonrpc 1.0",
            "jsonrpc missing",
            "jsonrpc number",
            "jsonrpc twice",
            "method missing",
            "method number",
            "method twice",
            "params array",
            "params twice",
            "result and error",
        ],
    },
    Difference {
        rule: "IX Messages: `params` is an object or absent",
        ours: "400 json -32600, id",
        theirs: "200 json result, id",
        cases: &["params null"],
    },
    Difference {
        rule: "L-15: an id is a string or an integer and comes back as it was spelled, not as another number",
        ours: "400 json -32600, no id",
        theirs: "200 json result, another id",
        cases: &["id with a point", "id with an exponent"],
    },
    Difference {
        rule: "L-15: any integer is an id, however large",
        ours: "200 json result, id",
        theirs: "415 text",
        cases: &["id beyond 64 bits", "id of 64 unsigned bits"],
    },
    Difference {
        rule: "R-14: arguments reach the tool byte for byte, which says itself that it cannot read them",
        ours: "200 json isError, id",
        theirs: "415 text",
        cases: &["huge number", "lone surrogate", "reversed surrogates"],
    },
    Difference {
        rule: "R-10: arguments the schema does not allow are a result with `isError`",
        ours: "200 json isError, id",
        theirs: "200 json result, id",
        cases: &["argument unknown"],
    },
    Difference {
        rule: "SCH InvalidParamsError: the method is there, its parameters are not",
        ours: "200 json -32602, id",
        theirs: "200 json -32601, id",
        cases: &[
            "arguments array",
            "arguments string",
            "arguments twice",
            "eras: initialize without a version",
            "eras: initialize without params",
            "name missing",
            "name number",
            "name twice",
        ],
    },
    Difference {
        rule: "R-6: a cursor that was never given out is invalid",
        ours: "200 json -32602, id",
        theirs: "200 json result, id",
        cases: &["cursor empty", "cursor number", "cursor unknown"],
    },
    Difference {
        rule: "H-6: an answer in the form the client takes beats none",
        ours: "200 json result, id",
        theirs: "406 text",
        cases: &[
            "headers: accept \"*/*\"",
            "headers: accept \"application/*\"",
            "headers: accept \"application/json\"",
            "headers: accept \"application/json;q=0, text/event-stream\"",
            "headers: accept \"text/event-stream\"",
            "headers: accept missing",
        ],
    },
    Difference {
        rule: "H-17: a header sent twice may be read as either",
        ours: "400 json -32020, id",
        theirs: "200 json result, id",
        cases: &["headers: version twice", "headers: version twice and different"],
    },
    Difference {
        rule: "L-13: a routing header that lies is refused in every revision",
        ours: "400 json -32020, id",
        theirs: "200 json result, id",
        cases: &[
            "eras: call with another name 2025-03-26",
            "eras: call with another name 2025-06-18",
            "eras: call with another name 2025-11-25",
        ],
    },
    Difference {
        rule: "H-11, L-1: a version that is not served is -32022 with the versions that are",
        ours: "400 json -32022, id",
        theirs: "400 text",
        cases: &["eras: unknown header version"],
    },
    Difference {
        rule: "H-11, H-3: a notification is refused like a request, without an id",
        ours: "400 json -32022, no id",
        theirs: "400 text",
        cases: &["eras: notification of an unknown version"],
    },
    Difference {
        rule: "L-14: 2024-11-05 had another transport",
        ours: "400 json -32022, id",
        theirs: "200 json result, id",
        cases: &["eras: 2024-11-05 by header"],
    },
    Difference {
        rule: "L-10: the handshake revisions have no server/discover",
        ours: "200 json -32601, id",
        theirs: "400 json -32602, id",
        cases: &["eras: discover 2025-03-26", "eras: discover 2025-06-18", "eras: discover 2025-11-25"],
    },
    Difference {
        rule: "D-3: what is not advertised is not there",
        ours: "404 json -32601, id",
        theirs: "200 json result, id",
        cases: &[
            "eras: modern \"prompts/list\"",
            "eras: modern \"resources/list\"",
            "eras: modern \"resources/templates/list\"",
        ],
    },
    Difference {
        rule: "M-1: a malformed `_meta` is -32602",
        ours: "400 json -32602, id",
        theirs: "415 text",
        cases: &["eras: modern header with _meta that is no object"],
    },
    Difference {
        rule: "H-12: notifications need no `Mcp-Method`",
        ours: "202 empty",
        theirs: "400 json -32020, no id",
        cases: &["eras: modern notification"],
    },
    Difference {
        rule: "L-3: a client's response is accepted",
        ours: "202 empty",
        theirs: "400 json -32600, no id",
        cases: &["eras: response 2025-03-26", "eras: response 2025-06-18", "eras: response 2025-11-25"],
    },
];

/// Where ours is wrong and the rule says what it must become.
pub(crate) const FAULTS: &[Difference] = &[
    Difference {
        rule: "L-3: 2025-03-26 has batches, which are to be served; neither server does",
        ours: "400 json -32600, no id",
        theirs: "415 text",
        cases: &["eras: batch 2025-03-26"],
    },
    Difference {
        rule: "H-12: `Mcp-Method` equals the method as it is; a proxy must not have to decode it",
        ours: "200 json result, id",
        theirs: "400 json -32020, id",
        cases: &["headers: method Base64"],
    },
    Difference {
        rule: "S-1: an origin has a scheme; what is none is not allowed",
        ours: "200 json result, id",
        theirs: "403 text",
        cases: &["headers: origin localhost"],
    },
];
