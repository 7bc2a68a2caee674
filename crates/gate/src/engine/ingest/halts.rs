//! What stops an approval, and what lets it go on: halts, lifts, withdrawals.

use countersign_core::decision::Withdrawal;
use countersign_core::digest::Digest;
use countersign_core::halt::{Halt, Lift};
use countersign_core::refusal::{Code, Refusal};
use countersign_core::statement::Statement;
use countersign_core::verify::signed;
use countersign_sources::spool::Kind;

use super::Answer;
use crate::Error;
use crate::engine::anchored::counted;
use crate::engine::{Engine, receipts};
use crate::ledger::{Entry, State, halts};

impl Engine {
    pub(super) fn take_halt(&mut self, digest: &Digest, bytes: &[u8]) -> Result<Answer, Error> {
        let now = self.now();
        let halt = match signed::<Halt>(bytes, &self.root, now) {
            Ok(halt) => halt.into_value(),
            Err(refusal) => return self.refuse(Kind::Halt, digest, None, refusal, false),
        };
        if halts::knows_halt(&*self.ledger.read()?, digest)? {
            return Ok(Answer::Done);
        }
        self.make_sure()?;
        counted(&mut self.ledger, &self.anchor, now, |ledger| {
            halts::add_halt(ledger, digest, &halt, bytes, now)?;
            let seal = receipts::Seal { key: &self.key, gate: self.folder.gate(), now };
            for number in Entry::all_in(ledger, State::Open)? {
                let entry = Entry::numbered(ledger, number)?;
                let agent = receipts::parse(&entry)?.agent;
                if halt.scope.covers(self.folder.gate(), &agent.authenticated) {
                    let refusal = Refusal::new(Code::Halted, "a halt made it void");
                    seal.refuse(ledger, &entry, &refusal, vec![])?;
                }
            }
            Ok(())
        })?;
        tracing::warn!(halt = %digest, "halted");
        Ok(Answer::Done)
    }

    pub(super) fn take_lift(&mut self, digest: &Digest, bytes: &[u8]) -> Result<Answer, Error> {
        let now = self.now();
        let lift = match signed::<Lift>(bytes, &self.root, now) {
            Ok(lift) => lift.into_value(),
            Err(refusal) => return self.refuse(Kind::Lift, digest, None, refusal, false),
        };
        let change = self.ledger.write()?;
        if halts::add_lift(&change, digest, &lift, now)? {
            tracing::warn!(halt = %lift.halt, "lifted");
        }
        change.commit()?;
        Ok(Answer::Done)
    }

    pub(super) fn take_withdrawal(&mut self, digest: &Digest, bytes: &[u8]) -> Result<Answer, Error> {
        let now = self.now();
        let withdrawal = match signed::<Statement<Withdrawal>>(bytes, &self.root, now) {
            Ok(withdrawal) => withdrawal,
            Err(refusal) => return self.refuse(Kind::Withdrawal, digest, None, refusal, false),
        };
        let Statement { subject, predicate } = withdrawal.value();
        if predicate.gate != *self.folder.gate() {
            let refusal = Refusal::new(Code::WrongGate, format!("the withdrawal is for {}", predicate.gate));
            return self.refuse(Kind::Withdrawal, digest, None, refusal, false);
        }
        let Some(person) = withdrawal.holder().person() else {
            let refusal = Refusal::new(Code::KeyPurpose, "a gate's proposal is not withdrawn from outside");
            return self.refuse(Kind::Withdrawal, digest, None, refusal, false);
        };
        if halts::withdrawn(&*self.ledger.read()?, subject, person)? {
            return Ok(Answer::Done);
        }
        self.make_sure()?;
        counted(&mut self.ledger, &self.anchor, now, |ledger| {
            halts::add_withdrawal(ledger, digest, subject, person, now)
        })?;
        Ok(Answer::Done)
    }
}
