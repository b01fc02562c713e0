"""Mutants of the login: what both ends ask before there is a session, and of every further connection."""
MUTANTS = {
    "kernel/auth/server_login.cpp": [
        ("server.direction", "if (frame.header.has(frame::kServerToClient))", "if (false)"),
        ("server.audience", "hello->audience != config.common.identity.audience()", "false"),
        ("server.prelude", "prelude.add(frame);", ""),
        ("server.empty_login", 'if (frame.body.empty()) return refuse_outside(Refusal::malformed, "empty LOGIN", out);',
         ""),
        ("server.inner_kind", "(*message)->kind != InnerKind::request", "false"),
        ("server.disabled_meanwhile", "if (config.revocation.is_disabled(identity.name)) "
                                      'return refuse_inside(Refusal::disabled, "", out);', ""),
        ("server.out_of_turn", "if (type == FrameType::login) return state_->on_login(frame, out);\n      break;\n"
                               "    case Phase::await_lane:", "return state_->on_login(frame, out);\n"
                               "    case Phase::await_lane:"),
        ("server.lane_of_another", " || granted.value_or(prefix) != prefix", ""),
        ("server.lane_id", "if (id.value <= found.lanes_opened) return tl::unexpected(Refusal::replay);", ""),
        ("server.lane_id_kept", "found.lanes_opened = id.value;", ""),
        ("server.lane_tag", "FAIRLEAD_TRY(opened->open(frame, found));", ""),
        ("server.lane_checked", "if (const auto allowed = check_lane(*found); !allowed)",
         "if (const auto allowed = Checked<void>(); !allowed)"),
        ("server.lane_deadline", "if (common.clock.mono() >= found.of(lane->incoming_epoch())->deadline)\n"
                                 "    return tl::unexpected(Refusal::expired);", ""),
        ("server.lane_epoch", "credentials == nullptr || credentials->secret.empty()", "credentials == nullptr"),
        ("server.lane_revoked", "FAIRLEAD_TRY(check_revocation(found, common.anchor, common.clock.wall()));", ""),
        ("server.revoked_meanwhile", "if (const auto still = check_revocation(fresh, common.anchor, "
                                     "common.clock.wall()); !still)", "if (Checked<void> still; !still)"),
        ("server.lane_confirms", "config.sessions.confirm(found, lane->incoming_epoch(), "
                                 "config.common.clock.mono());", ""),
        ("server.lane_disabled", "if (config.revocation.is_disabled(found.participant())) "
                                 "return tl::unexpected(Refusal::disabled);", ""),
        ("server.lane_link", "FAIRLEAD_TRY(check_own_link(End::server, common.configured, facts));", ""),
        ("server.lane_same_link",
         "FAIRLEAD_TRY(check_same_link(common.configured, facts, asked.observed,\n"
         "                               {found.certificate_sha256, found.participant()}));", ""),
        ("server.lane_endpoint", "!found.proved && config.sessions.is_taken(found.endpoint, found.instance)", "false"),
        ("server.unproved_stays", "if (!found->proved) config.sessions.end(*found, allowed.error());", ""),
        ("server.lane_floor", "stronger(found.floor, config.common.wanted)", "config.common.wanted"),
        ("server.lane_wish", "lane_level(wish, asked.level, own", "lane_level(wish, wish, own"),
        ("server.lane_level", "lane->raise_level(level);", ""),
        ("server.oracle", "append_error(Refusal::unknown_lane, reference", "append_error(why, reference"),
        ("server.says_why", "append_error(Refusal::login_refused, reference", "append_error(why, reference"),
    ],
    "kernel/auth/login_checks.cpp": [
        ("claims.project_of_certificate", "identity.project != project.project || ", ""),
        ("claims.project", " || request.project != project.project", ""),
        ("claims.name", "request.name == identity.name && ", ""),
        ("claims.type", " && request.type == identity.type", ""),
        ("claims.server", " || identity.type == ParticipantType::server", ""),
        ("claims.endpoint", " || endpoint->participant() != identity.name", ""),
        ("login.claims", "FAIRLEAD_TRY(check_claims(request, identity, common.identity));", ""),
        ("login.prelude", "if (request.prelude != prelude) return tl::unexpected(Refusal::downgrade);", ""),
        ("login.disabled", "if (config.revocation.is_disabled(identity.name)) "
                           "return tl::unexpected(Refusal::disabled);", ""),
        ("login.link", "FAIRLEAD_TRY(check_link(request, {standing.shown_sha256, identity.name}, config, facts));", ""),
        ("login.own_link", "FAIRLEAD_TRY(check_own_link(End::server, config.common.configured, facts));", ""),
        ("login.client_wants_mtls", "if (expects_same) FAIRLEAD_TRY(check_same_binding(facts, request.observed));", ""),
        ("login.same_link", "return check_same_link(config.common.configured, facts, request.observed, peer);",
         "return {};"),
        ("login.room", "FAIRLEAD_TRY(config.sessions.may_log_in(*base::Endpoint::parse(request.endpoint), "
                       "request.instance));", ""),
        ("login.certificate_over", "if (end_of(standing) <= common.clock.wall()) "
                                   "return tl::unexpected(Refusal::certificate_expired);", ""),
        ("login.floor_of_server", "stronger(config.common.wanted, request.wanted)", "request.wanted"),
        ("login.floor_of_client", "stronger(config.common.wanted, request.wanted)", "config.common.wanted"),
        ("own.signer", "if (!signer)\n", "if (false)\n"),
        ("own.key", "key.spki() != config.token_key.public_key().spki()", "false"),
    ],
    "kernel/auth/client_login.cpp": [
        ("client.direction", "if (!frame.header.has(frame::kServerToClient))", "if (false)"),
        ("client.own_link", "check_own_link(End::client, config.common.configured, facts)", "Checked<void>()"),
        ("client.prelude", "prelude.add(invite);", ""),
        ("client.server", "check_server(common.anchor, common.identity, *tls->peer())", "Checked<void>()"),
        ("client.revoked_meanwhile", "if (const auto still = check_revocation(*made, common.anchor, "
                                     "common.clock.wall()); !still)", "if (Checked<void> still; !still)"),
        ("client.boot_id", "invite.boot_id == start.resume->boot_id || ", "true || "),
        ("client.inner_kind", "if ((*message)->kind != InnerKind::refusal) "
                              'return refuse(Refusal::malformed, "neither Grant nor refusal");', ""),
        ("client.answer_tag", "FAIRLEAD_TRY(lane->open(frame, session()));\n  FAIRLEAD_TRY(const LaneOpen",
         "FAIRLEAD_TRY(const LaneOpen"),
        ("client.answer_nonce", "if (answer.client_nonce != client_nonce) return tl::unexpected(Refusal::malformed);",
         ""),
        ("client.same_link", "FAIRLEAD_TRY(check_same_link(common.configured, facts, answer.observed,\n"
                             "                               "
                             "{session().server_certificate_sha256, common.identity.server_name}));", ""),
        ("client.lower_level", "if (answer.level < own) return tl::unexpected(Refusal::security_floor);", ""),
        ("client.level", "lane->raise_level(*level);", ""),
        ("client.error_tag", "if (const auto opened = lane->open(frame, session()); !opened) "
                             'return refuse(opened.error(), "ERROR");', ""),
        ("client.error_on_no_lane", "if (phase != Phase::await_lane) "
                                    'return refuse(Refusal::wrong_state, "ERROR on no lane");', ""),
    ],
    "kernel/auth/grant_checks.cpp": [
        ("grant.prelude", "if (grant.prelude != prelude) return tl::unexpected(Refusal::downgrade);", ""),
        ("grant.signer", "FAIRLEAD_TRY(check_token_signer(common.anchor, common.identity, *signer, "
                         "common.clock.wall()));", ""),
        ("grant.content", "FAIRLEAD_TRY(check_content(token, sid, config));", ""),
        ("grant.audience", "token.audience != config.common.identity.audience()", "false"),
        ("grant.sid", "token.sid == sid && ", ""),
        ("grant.name", "token.name == config.name && ", ""),
        ("grant.type", "token.type == config.type &&", ""),
        ("grant.endpoint", "token.endpoint == config.endpoint;", "true;"),
        ("grant.certificate", " || token.certificate_sha256 == *config.certificate_sha256", " || true"),
        ("grant.expired", "token.expires <= grant.server_time || ", ""),
        ("grant.no_lifetime", " || grant.lifetime.count() == 0", ""),
        ("grant.shorter_life", "std::min<std::chrono::milliseconds>(left, grant.lifetime)", "left"),
        ("grant.shorter_token", "std::min<std::chrono::milliseconds>(left, grant.lifetime)", "grant.lifetime"),
        ("grant.own_wish", "stronger(config.common.wanted, grant.floor)", "grant.floor"),
        ("grant.floor", "stronger(config.common.wanted, grant.floor)", "config.common.wanted"),
    ],
    "kernel/auth/peer_identity.cpp": [
        ("peer.project", "if (identity.project != project.project) return tl::unexpected(Refusal::wrong_project);", ""),
        ("peer.type", "identity.type == ParticipantType::server && ", ""),
        ("peer.name", "identity.name == project.server_name &&", ""),
        ("peer.role", "identity.token_signer == (role == ServerRole::token_signer)", "true"),
        ("peer.signer_chain", "FAIRLEAD_TRY(crypto::verify_chain(anchor, signer, {}, "
                              "crypto::ChainPurpose::token_signing, now));", ""),
        ("peer.legacy_only_when_allowed", "anchor.legacy == crypto::LegacyRules::yes && ", ""),
        ("peer.legacy_without_uri", " && leaf.uri_names().empty()", ""),
        ("peer.legacy_name", "if (!base::check_participant_name(type, name)) "
                             "return tl::unexpected(Refusal::wrong_identity);", ""),
    ],
    "kernel/auth/link_rules.cpp": [
        ("link.confidential", "link.is_confidential() && ", ""),
        ("link.trusted", "link.is_trusted() && ", ""),
        ("link.some_binding", " && !link.binding.empty()", ""),
        ("link.peer_trustworthy", " && is_trustworthy(peer)", ""),
        ("link.own_trustworthy", "is_trustworthy(own) && ", ""),
        ("link.same_binding_for_mac", " && base::equal(own.binding, peer.binding)", ""),
        ("link.wish", "stronger(own_wish, peer_wish)", "own_wish"),
        ("link.tls_confidential", "facts.confidential && (end", "(end"),
        ("link.tls_peer", "(end == End::server || facts.peer_verified)", "true"),
        ("link.mtls_peer", "facts.peer_verified && facts.self_proven", "facts.self_proven"),
        ("link.mtls_self", "facts.peer_verified && facts.self_proven", "facts.peer_verified"),
        ("link.binding", "FAIRLEAD_TRY(check_same_binding(facts, peer));", ""),
        ("link.certificate", "base::equal(crypto::sha256({facts.peer_certificate_der}), login.certificate_sha256)",
         "true"),
        ("link.key_owner", "std::ranges::count(facts.key_owners, login.name) > 0", "true"),
        ("link.key_pair", "!facts.key_pair.empty() && std::ranges", "std::ranges"),
    ],
    "kernel/auth/session_table.cpp": [
        ("table.same_instance", "owner->instance != instance && ", ""),
        ("table.live_owner", " && !users(*owner).empty()", ""),
        ("table.taken", "if (is_taken(endpoint, instance)) return tl::unexpected(Refusal::endpoint_in_use);", ""),
        ("table.quota", "entries_.size() >= max_sessions_ && !replaces", "false"),
        ("table.replaces", " && !replaces", ""),
        ("table.revokes", "session.revoked = true;", ""),
        ("table.older_ends", "if (Session* old = at(session.endpoint.text())) end(*old, Refusal::revoked);", ""),
        ("table.deadline", "if (now >= entry.session->current.deadline) return true;", ""),
        ("table.in_use", "if (!entry.users.empty()) return false;", ""),
        ("table.never_proved", "entry.session->proved ? idle : std::chrono::nanoseconds(kProveWithin)", "idle"),
        ("table.forgets_unproved", "forget_unproved(*session);", ""),
    ],
}
