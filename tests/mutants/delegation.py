"""Mutants of delegations: what a third party's credential is asked, from its bytes to the login."""
MUTANTS = {
    "kernel/crypto/delegation.cpp": [
        ("delegation.known", "const bool good = known && ", "const bool good = "),
        ("delegation.whole", "fields.finished() && bytes.size()", "fields.ok() && bytes.size()"),
        ("delegation.size", " && bytes.size() <= kMaxDelegation", ""),
        ("delegation.times", "has_good_times(out) &&", ""),
        ("delegation.issued", "delegation.issued.time_since_epoch().count() >= 0 && ", ""),
        ("delegation.endpoint", "base::Endpoint::parse(out.endpoint) && ", ""),
        ("delegation.key", "!out.spki.empty() && ", ""),
        ("delegation.topics", " && has_good_topics(out.topics)", ""),
        ("delegation.some_topic", "!topics.empty() && topics.size()", "topics.size()"),
        ("delegation.many_topics", "topics.size() <= kMaxDelegatedTopics && ", ""),
        ("delegation.sorted", "&& ascending &&", "&&"),
        ("delegation.each_topic", " &&\n         std::ranges::all_of(topics, is_delegable)", ""),
        ("delegation.everything", ' && topic != "*"', ""),
        ("delegation.admin", " && !topic.starts_with(kAdminTopics)", ""),
        ("delegation.control", " &&\n         std::ranges::none_of(topic, is_control)", ""),
        ("delegation.kid", "content.kid == site.key_id() && ", ""),
        ("delegation.signature", " && site.verify(kLabel, made.delegation, made.signature)", ""),
    ],
    "kernel/crypto/login_peer_check.cpp": [
        ("delegate.alone", "!alone || !leaf", "!leaf"),
        ("delegate.own_key", " || X509_self_signed(shown, 1) != 1", ""),
    ],
    "kernel/crypto/login_tls_context.cpp": [
        ("delegate.only_name", "base::equal(extension.counted(), protocol_list(kDelegateProtocol))",
         "base::as_text(extension.rest()).find(kDelegateProtocol) != std::string_view::npos"),
        ("delegate.own_context", "judges_delegates ? &check_delegate : &check_login_peer", "&check_delegate"),
        ("delegate.server_judged", "server && Kind == LoginKind::delegate", "Kind == LoginKind::delegate"),
    ],
    "kernel/crypto/login_tls.cpp": [
        ("delegate.protocol", "const std::string_view wanted = protocol_of(check.kind);",
         "const std::string_view wanted = base::as_text({selected, size});"),
    ],
}
