//! What a device says that it has.

use countersign_core::ack::{Acknowledgement, Receiver};
use countersign_core::digest::Digest;
use countersign_core::refusal::{Code, Refusal};
use countersign_core::verify::signed;
use countersign_sources::spool::Kind;

use super::Answer;
use crate::Error;
use crate::engine::Engine;
use crate::ledger::outbox;

impl Engine {
    pub(super) fn take_ack(&mut self, digest: &Digest, bytes: &[u8]) -> Result<Answer, Error> {
        let now = self.now();
        let ack = match signed::<Acknowledgement>(bytes, &self.root, now) {
            Ok(ack) => ack.into_value(),
            Err(refusal) => return self.refuse(Kind::Ack, digest, None, refusal, false),
        };
        let Receiver::Device(device) = &ack.by else {
            let refusal = Refusal::new(Code::KeyPurpose, "another gate's acknowledgement");
            return self.refuse(Kind::Ack, digest, None, refusal, false);
        };
        let change = self.ledger.write()?;
        if outbox::heard_of(&change, device, &ack.epoch)? {
            outbox::send_again(&change, self.folder.gate())?;
            self.sent.clear();
        }
        outbox::acknowledged(&change, &ack.digests, now)?;
        change.commit()?;
        Ok(Answer::Done)
    }
}
