//! Firestore's values, its answers, and the bodies of its triggers.

use boma_core::{
    protocol::request::{Request, RequestHead},
    store::path::DocumentPath,
};
use boma_google::{HostConfig, decode_read, from_proto, read_trigger, to_proto};
use googleapis_tonic_google_firestore_v1::google::firestore::v1::{BatchGetDocumentsResponse, Value as ProtoValue};
use prost::Message as _;

/// Any value of Firestore converts to ours and back without loss.
pub(crate) fn value(bytes: &[u8]) {
    let Ok(theirs) = ProtoValue::decode(bytes) else { return };
    let ours = from_proto(theirs);
    let back = to_proto(ours.clone());
    assert_eq!(from_proto(back), ours);
}

/// Any bytes as the answer to a read either decode to an answer or are refused.
pub(crate) fn answer(bytes: &[u8]) {
    let config = HostConfig::new("p", "(default)");
    let path = DocumentPath::dead_letter("kyc", &"0".repeat(64));
    let paths = [path.clone()];
    if let Some(snapshot) = decode_read(&config, &paths, &[bytes.to_vec()]) {
        let answer = BatchGetDocumentsResponse::decode(bytes).expect("it was decoded");
        assert!(answer.result.is_some(), "an answer without a result");
        let _ = snapshot.get(&path);
    }
    // Two answers for one document are refused.
    assert!(decode_read(&config, &paths, &[bytes.to_vec(), bytes.to_vec()]).is_none());
}

/// A trigger's document has a path, and at least one side.
pub(crate) fn trigger(bytes: &[u8]) {
    let head = RequestHead { headers: vec![("ce-id".to_owned(), "1".to_owned())], ..RequestHead::default() };
    if let Ok(change) = read_trigger(&Request { head, body: bytes.to_vec().into(), caller: None }) {
        assert!(!change.path.is_empty());
        assert!(change.before.is_some() || change.after.is_some());
    }
}
