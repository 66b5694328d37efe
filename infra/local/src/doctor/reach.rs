//! Whether anything answers at the URL.

use super::case::Case;
use super::finding::Finding;
use super::probe::{Ask, Silence};

/// Connects, and asks for the health of the gateway. The error says that nothing else need be asked.
pub(super) async fn health(case: &Case) -> Result<Vec<Finding>, Finding> {
    const CHECK: &str = "reach.health";
    let url = case.at("/health");
    let reply = match case.probe.send(Ask::get(url.clone())).await {
        Ok(reply) => reply,
        Err(silence) => return Err(unreachable(case, &silence)),
    };
    let mut findings = vec![Finding::ok("reach.connection", connected(case))];
    findings.push(if reply.status.is_success() {
        Finding::ok(CHECK, format!("{url} answers {}", reply.status.as_u16()))
    } else {
        let text =
            format!("{url} answers {}: a load balancer that asks there would take the gateway out", reply.status);
        Finding::warning(CHECK, text, "let whatever stands in front pass /health on to the gateway")
    });
    Ok(findings)
}

fn connected(case: &Case) -> &'static str {
    if case.url.scheme() == "https" { "connected; the certificate is trusted" } else { "connected" }
}

fn unreachable(case: &Case, silence: &Silence) -> Finding {
    let host = case.url.host_str().unwrap_or_default();
    let said = silence.to_string().to_ascii_lowercase();
    let mend = if said.contains("certificate") || said.contains("unknownissuer") {
        "serve a certificate of a public authority for this host, with its intermediate certificates; for a private one \
         set SSL_CERT_FILE here, and mind that hosted clients such as Claude will not trust it"
    } else if said.contains("refused") {
        "start the gateway (`cargo run` on this machine), or correct the port"
    } else if said.contains("dns") || said.contains("lookup") || said.contains("resolve") {
        "correct the host name, or its DNS record"
    } else {
        "check the host, the network, and whether a firewall drops connections"
    };
    Finding::wrong("reach.connection", format!("{host}: {silence}"), mend)
}
