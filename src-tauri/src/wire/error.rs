//! What went wrong, in words for people.

wire! {
    struct UserError { pub code: ErrorCode, pub title: String, pub hint: String, pub detail: Option<String> }

    enum ErrorCode {
        WrongPassphrase,
        Wait,
        KeyLocked,
        NoKey,
        KeyUnreachable,
        KeyExists,
        BadPassphrase,
        NotUnderstood,
        NotArmed,
        NotShown,
        Changed,
        NotOpen,
        NotFound,
        GateMissing,
        GateFailed,
        BadInput,
        BackupInvalid,
        DiskFull,
        /// Nothing tells agents apart here: only everything can be halted.
        OnlyEverything,
        /// The desktop does not offer it.
        NotOffered,
        Broken,
    }
}
