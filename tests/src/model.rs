//! A scripted model: answers the Messages API of Anthropic on loopback with
//! the tool calls that a test wrote down, and keeps what the agent sent back.
//!
//! One call per turn, in order; after the last, a closing sentence. Requests
//! that offer no tools (titles, summaries) get the sentence at once. The next
//! call is chosen by how many results the conversation already has, so that a
//! repeated request gets the same answer.

use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};
use tiny_http::{Header, Method, Request, Response, Server};

/// One tool call of the script.
#[derive(Debug, Clone)]
pub struct Call {
    /// The tool.
    pub tool: String,
    /// Its input.
    pub input: Value,
}

/// A call of `tool` with `input`.
pub fn call(tool: &str, input: Value) -> Call {
    Call { tool: tool.to_owned(), input }
}

/// A model that runs until the test ends.
pub struct Model {
    address: String,
    results: Arc<Mutex<Vec<String>>>,
}

impl Model {
    /// Starts it with its script.
    pub fn start(script: Vec<Call>) -> Self {
        let server = Server::http("127.0.0.1:0").unwrap();
        let address = format!("http://{}", server.server_addr().to_ip().unwrap());
        let results = Arc::new(Mutex::new(vec![]));
        let kept = Arc::clone(&results);
        thread::spawn(move || {
            for request in server.incoming_requests() {
                answer(request, &script, &kept);
            }
        });
        Self { address, results }
    }

    /// Where it answers.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What the agent sent back for each call so far, in order.
    pub fn results(&self) -> Vec<String> {
        self.results.lock().unwrap().clone()
    }
}

fn answer(mut request: Request, script: &[Call], kept: &Mutex<Vec<String>>) {
    let path = request.url().split('?').next().unwrap_or_default().to_owned();
    let mut body = vec![];
    request.as_reader().read_to_end(&mut body).unwrap();
    let body = countersign_core::json::parse_foreign(&body).unwrap_or_default();
    let reply = match (request.method(), path.as_str()) {
        (Method::Post, "/v1/messages/count_tokens") => json!({ "input_tokens": 10 }),
        (Method::Post, "/v1/messages") => {
            let block = next_block(&body, script, kept);
            if body["stream"] == Value::Bool(true) {
                let sent =
                    Response::from_string(stream(&body, &block)).with_header(header("text/event-stream"));
                let _ = request.respond(sent);
                return;
            }
            let mut message = message(&body);
            message["stop_reason"] = stop_reason(&block).into();
            message["content"] = json!([block]);
            message
        }
        _ => json!({}),
    };
    let _ = request.respond(Response::from_string(reply.to_string()).with_header(header("application/json")));
}

fn next_block(body: &Value, script: &[Call], kept: &Mutex<Vec<String>>) -> Value {
    let offered: Vec<&str> = array(&body["tools"]).iter().filter_map(|tool| tool["name"].as_str()).collect();
    let results: Vec<String> = array(&body["messages"])
        .iter()
        .flat_map(|message| array(&message["content"]))
        .filter(|block| block["type"] == "tool_result")
        .map(|block| text_of(&block["content"]))
        .collect();
    let at = results.len();
    if offered.is_empty() {
        return json!({ "type": "text", "text": "done" });
    }
    *kept.lock().unwrap() = results;
    match script.get(at) {
        Some(call) => {
            json!({ "type": "tool_use", "id": format!("toolu_{at}"), "name": call.tool, "input": call.input })
        }
        None => json!({ "type": "text", "text": "done" }),
    }
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The text of a result: a string, or blocks of which some are text.
fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        blocks => array(blocks).iter().filter_map(|block| block["text"].as_str()).collect(),
    }
}

fn message(body: &Value) -> Value {
    json!({
        "id": "msg_scripted", "type": "message", "role": "assistant", "model": body["model"],
        "content": [], "stop_reason": null, "stop_sequence": null,
        "usage": { "input_tokens": 10, "output_tokens": 1 },
    })
}

fn stop_reason(block: &Value) -> &'static str {
    if block["type"] == "tool_use" { "tool_use" } else { "end_turn" }
}

/// The message as server-sent events.
fn stream(body: &Value, block: &Value) -> String {
    let (start, delta) = if block["type"] == "tool_use" {
        let mut start = block.clone();
        start["input"] = json!({});
        (start, json!({ "type": "input_json_delta", "partial_json": block["input"].to_string() }))
    } else {
        (json!({ "type": "text", "text": "" }), json!({ "type": "text_delta", "text": block["text"] }))
    };
    let stop = json!({ "stop_reason": stop_reason(block), "stop_sequence": null });
    [
        json!({ "type": "message_start", "message": message(body) }),
        json!({ "type": "content_block_start", "index": 0, "content_block": start }),
        json!({ "type": "content_block_delta", "index": 0, "delta": delta }),
        json!({ "type": "content_block_stop", "index": 0 }),
        json!({ "type": "message_delta", "delta": stop, "usage": { "output_tokens": 5 } }),
        json!({ "type": "message_stop" }),
    ]
    .iter()
    .map(|event| format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap()))
    .collect()
}

fn header(media_type: &str) -> Header {
    Header::from_bytes("content-type", media_type).unwrap()
}
