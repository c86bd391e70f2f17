//! Members and items that tell of each other, and those that only stand nearby.

use super::*;
use crate::{
    detect::secrets::{Engine, Options},
    mask::{Placeholder, apply},
};

fn masked(text: &str) -> String {
    let masker = Masker::new(Engine::new(Options::default()).expect("no options"), Placeholder);
    let once = apply(text, &masker.json(text).expect("JSON"));
    assert_eq!(apply(&once, &masker.json(&once).expect("JSON")), once, "twice is once");
    once
}

/// `X` stands for the secret, which is what is masked.
fn check(shape: &str) {
    let text = shape.replace('X', "Kq7vLp2Zx9d");
    let masked = masked(&text);
    assert!(!masked.contains("Kq7vLp2Zx9d"), "{masked}");
    let kept = |text: &str| {
        text.matches(|c: char| !c.is_alphanumeric() && !"<>_".contains(c))
            .count()
    };
    assert_eq!(kept(&masked), kept(shape), "{masked}");
}

#[test]
fn one_member_names_what_another_holds() {
    for shape in [
        r#"[{"Name":"/prod/db/password","Type":"SecureString","Value":"X","Version":1}]"#,
        r#"{"variables":[{"name":"DB_PASSWORD","type":"string","value":"X"}]}"#,
        r#"[{"value":"X","tags":[{"Key":"a","Value":"b"}],"name":"DB_PASSWORD"}]"#,
        r#"{"ParameterKey":"DBPassword","ParameterValue":"X"}"#,
        r#"{"field":"password","new_value":"X"}"#,
        r#"{"key":"db.password","value":{"stringValue":"X"}}"#,
        r#"{"text":"{\"value\":\"X\",\"name\":\"DB_PASSWORD\"}"}"#,
    ] {
        check(shape);
    }
    let number = masked(r#"{"structuredContent":{"value":12345678,"name":"PASSWORD"}}"#);
    assert_eq!(number, r#"{"structuredContent":{"value":0,"name":"PASSWORD"}}"#);
}

#[test]
fn an_object_says_what_its_data_are() {
    check(r#"{"data":{"foo":"X"},"kind":"Secret"}"#);
    check(r#"{"items":[{"kind":"Secret","metadata":{"name":"x"},"stringData":{"foo":"X"}}],"kind":"List"}"#);
}

#[test]
fn a_heading_names_the_columns() {
    check(r#"{"columns":["user","password"],"rows":[["bob","X"],["ann","X"]]}"#);
    check(r#"{"rows":[["user","password"],["bob","X"]]}"#);
}

#[test]
fn an_array_is_a_command() {
    check(r#"["mysql","-uroot","-pX"]"#);
    check(r#"{"command":"mysql","args":["-uroot","-pX"]}"#);
    assert_eq!(masked(r#"["-u","bob:Kq7vLp2Zx9d"]"#), r#"["-u","<BASIC_AUTH>"]"#);
}

#[test]
fn what_only_stands_nearby_stays() {
    for text in [
        r#"[{"name":"DB_PASSWORD","type":"string"},{"name":"region","value":"Kq7vLp2Zx9d"}]"#,
        r#"{"name":"DB_PASSWORD","inner":{"value":"Kq7vLp2Zx9d"}}"#,
        r#"{"a":{"name":"DB_PASSWORD"},"value":"Kq7vLp2Zx9d"}"#,
        r#"{"name":"password","in":"query","value":"string"}"#,
        r#"{"name":"password_policy","value":"Kq7vLp2Zx9d"}"#,
        r#"{"kind":"ConfigMap","note":"no Secret","data":{"foo":"YWRtaW46"}}"#,
        r#"{"items":[{"kind":"Secret"},{"kind":"ConfigMap","data":{"foo":"YWRtaW46"}}]}"#,
        r#"{"required":["user","password"],"rows":[["bob","Kq7vLp2Zx9d"]]}"#,
        r#"{"columns":["user","password"],"notes":["bob","Kq7vLp2Zx9d"]}"#,
        r#"{"list":["- bob:x","Kq7vLp2Zx9d"],"ports":["docker","-p8080"]}"#,
    ] {
        assert_eq!(masked(text), text);
    }
}
