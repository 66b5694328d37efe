//! The gateway's own functions: nobody gets in but by their URLs.

use serde_json::json;

use crate::support::{allow, findings, grant, permission};

#[test]
fn an_open_url_needs_the_origin_secret() {
    for (id, name) in [("Gateway", "dev-x-gateway"), ("Front", "dev-x-oauth")] {
        let found = findings(|resources| {
            let variables = &mut resources[id]["Properties"]["Environment"]["Variables"];
            variables.as_object_mut().expect("variables").remove("PENSTOCK_ORIGIN_SECRETS");
        });
        assert_eq!(found, [format!("url.open {name}")]);
    }
}

#[test]
fn everybody_gets_in_by_the_url_and_in_no_other_way() {
    for (permission, member) in [("FrontOpen", "FunctionUrlAuthType"), ("FrontRun", "InvokedViaFunctionUrl")] {
        let found = findings(|resources| {
            let properties = resources[permission]["Properties"].as_object_mut().expect("properties");
            properties.remove(member);
        });
        assert_eq!(found, ["invoker.second dev-x-oauth"], "{member}");
    }
    let found = findings(|resources| resources["More"] = permission("Front", &json!("123456789012")));
    assert_eq!(found, ["invoker.second dev-x-oauth"]);
}

#[test]
fn the_gateway_calls_itself_and_nobody_else_does() {
    let itself = json!({ "Fn::GetAtt": ["Gateway", "Arn"] });
    let call = || allow("lambda:InvokeFunction", &itself);
    assert_eq!(findings(|resources| grant(resources, "GatewayRole", call())), [""; 0]);
    let found = findings(|resources| grant(resources, "PingRole", call()));
    assert_eq!(found, ["invoker.second dev-x-gateway"]);
}

#[test]
fn the_gateway_does_not_call_the_front() {
    let found = findings(|resources| {
        grant(resources, "GatewayRole", allow("lambda:InvokeFunction", &json!({ "Fn::GetAtt": ["Front", "Arn"] })));
    });
    assert_eq!(found, ["invoker.second dev-x-oauth"]);
}
