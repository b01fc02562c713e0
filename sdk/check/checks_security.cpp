// Checks 30 and 31: what a transport says about its peers.

#include "checks.hpp"
#include "ends.hpp"

namespace fairlead::check {
namespace {

constexpr uint32_t kAllBits =
    FAIRLEAD_SEC_CONFIDENTIAL | FAIRLEAD_SEC_PEER_VERIFIED | FAIRLEAD_SEC_SELF_PROVEN;

struct Facts {
  uint32_t security = 0;
  std::string protocol, cipher;
  Bytes identity, binding;
};

Bytes copy(fairlead_bytes bytes) { return {view(bytes).begin(), view(bytes).end()}; }

Facts facts_of(Conn& conn) {
  fairlead_peer peer{};
  peer.struct_size = sizeof peer;
  const fairlead_status status = conn.peer(peer);
  demand(status == FAIRLEAD_OK, "peer() of an open connection gave " + name(status));
  Facts facts;
  facts.security = peer.security;
  facts.protocol = view(peer.protocol);
  facts.cipher = view(peer.cipher);
  facts.identity = copy(peer.certificate_der.size != 0 ? peer.certificate_der : peer.public_key);
  facts.binding = copy(peer.channel_binding);
  return facts;
}

/// A kernel that knows fewer fields gets no more than those.
void demand_respects_size(Conn& conn) {
  fairlead_peer peer{};
  peer.struct_size = offsetof(fairlead_peer, local_address);
  static const char canary = 0;
  peer.local_address = {&canary, 77};
  demand(conn.peer(peer) == FAIRLEAD_OK, "peer() refused a smaller struct_size");
  demand(peer.local_address.data == &canary && peer.local_address.size == 77,
         "peer() wrote beyond struct_size of the structure that it fills");
  demand(peer.struct_size == offsetof(fairlead_peer, local_address), "peer() changed struct_size");
}

void demand_bits(const Facts& facts, uint32_t needed, uint32_t forbidden, const std::string& where) {
  demand((facts.security & ~kAllBits) == 0, where + " reports unknown security bits");
  demand((facts.security & needed) == needed, where + " reports security " + std::to_string(facts.security) +
                                                  ", expected the bits " + std::to_string(needed));
  demand((facts.security & forbidden) == 0, where + " reports security " + std::to_string(facts.security) +
                                                ", which this configuration cannot have proved");
}

void demand_level(const Facts& facts, Level level, Conn::Side side, const std::string& configuration) {
  const bool dials = side == Conn::Side::dialling;
  const std::string where = configuration + ", the " + (dials ? "dialling" : "listening") + " end";
  switch (level) {
    case Level::clear:
      demand_bits(facts, 0, kAllBits, where);
      demand(facts.cipher.empty() && facts.binding.empty(),
             where + " is clear and names a cipher or a binding");
      return;
    case Level::tls:
      if (dials)
        demand_bits(facts, FAIRLEAD_SEC_CONFIDENTIAL | FAIRLEAD_SEC_PEER_VERIFIED, FAIRLEAD_SEC_SELF_PROVEN,
                    where);
      else
        demand_bits(facts, FAIRLEAD_SEC_CONFIDENTIAL, FAIRLEAD_SEC_PEER_VERIFIED, where);
      break;
    case Level::mtls:
      demand_bits(facts, kAllBits, 0, where);
  }
  demand(!facts.protocol.empty(), where + " is confidential and names no protocol");
  demand((facts.security & FAIRLEAD_SEC_PEER_VERIFIED) == 0 || !facts.identity.empty(),
         where + " verified its peer and shows neither certificate nor key");
}

/// The capabilities that one configuration reaches.
uint32_t reached_by(Context& context, const Configuration& configuration) {
  World world;
  Ends ends(context, world, Echo::serves, configuration);
  const Link link = ends.open();
  const Facts near = facts_of(*link.near), far = facts_of(*link.far);
  demand_level(near, configuration.level, Conn::Side::dialling, configuration.name);
  if (!link.is_echo()) demand_level(far, configuration.level, Conn::Side::listening, configuration.name);
  demand_respects_size(*link.near);
  demand_respects_size(*link.far);
  world.end_all();
  uint32_t caps = 0;
  if ((near.security & FAIRLEAD_SEC_CONFIDENTIAL) != 0) caps |= FAIRLEAD_CAP_SECURE;
  if (near.security == kAllBits && far.security == kAllBits) caps |= FAIRLEAD_CAP_MUTUAL;
  if (!near.binding.empty() && !far.binding.empty()) caps |= FAIRLEAD_CAP_CHANNEL_BINDING;
  return caps;
}

/// The refusing end may be asked whom it refused, until it is released.
void demand_peer_is_askable(Conn& refuser) {
  fairlead_peer peer{};
  peer.struct_size = sizeof peer;
  const fairlead_status status = refuser.peer(peer);
  demand(status == FAIRLEAD_E_CLOSED || (status == FAIRLEAD_OK && peer.security == 0),
         "after E_PEER_AUTH peer() gave " + name(status) + " and security " + std::to_string(peer.security) +
             ", expected E_CLOSED, or OK and 0");
}

void demand_listener_refuses(World& world, Ends& ends, Conn& near) {
  world.until([&] { return near.has_ended(); }, "the dialling end did not report that it was refused");
  demand(near.why() == FAIRLEAD_E_PEER_AUTH,
         "the dialling end said " + near.end_text() + ", expected E_PEER_AUTH");
  demand(near.received_size() == 0, "the refused end received bytes");
  for (Conn* far : ends.listener().listening().accepted) {
    demand(!far->was_opened(), "the listening end reported opened()");
    world.until([&] { return far->has_ended(); }, "the listening end did not end the connection");
    demand(far->why() == FAIRLEAD_E_PEER_AUTH,
           "the listening end said " + far->end_text() + ", expected E_PEER_AUTH");
    demand_peer_is_askable(*far);
  }
}

void demand_dialler_refuses(World& world, Conn& near) {
  world.until([&] { return near.has_ended() || near.was_opened(); }, "dialling led to nothing");
  demand(!near.was_opened(), "the dialling end reported opened()");
  demand(near.why() == FAIRLEAD_E_PEER_AUTH,
         "the dialling end said " + near.end_text() + ", expected E_PEER_AUTH");
  demand_peer_is_askable(near);
}

void demand_refused(Context& context, const WrongPeer& wrong) {
  Configuration configuration = context.configuration;
  configuration.listener = merged(configuration.listener, wrong.listener);
  configuration.dialler = merged(configuration.dialler, wrong.dialler);
  World world;
  Ends ends(context, world, Echo::does_not_serve, configuration);
  ends.listener().listening().on_accepted = [](Conn& conn) { conn.holds_release = true; };
  Conn& near = ends.dial();
  near.holds_release = true;
  if (wrong.refused_by == Role::listener)
    demand_listener_refuses(world, ends, near);
  else
    demand_dialler_refuses(world, near);
  for (const auto& conn : world.conns()) conn->holds_release = false;
  world.end_all();
}

void demand_right_peer(Context& context) {
  World world;
  Ends ends(context, world, Echo::does_not_serve);
  const Link one = ends.open(), two = ends.open();
  const Facts near = facts_of(*one.near), far = facts_of(*one.far), other = facts_of(*two.near);
  demand((near.security & FAIRLEAD_SEC_PEER_VERIFIED) != 0 && !near.identity.empty(),
         "the dialling end does not identify the right peer");
  if (context.can(FAIRLEAD_CAP_CHANNEL_BINDING)) {
    demand(!near.binding.empty() && near.binding == far.binding,
           "both ends have different channel bindings, or none");
    demand(near.binding != other.binding, "two connections have the same channel binding");
  }
  world.end_all();
}

}  // namespace

Verdict facts_match_caps(Context& context) {
  uint32_t reached = 0;
  std::string tried;
  for (const Configuration& configuration : context.setup.configurations) {
    reached |= reached_by(context, configuration);
    tried += (tried.empty() ? "" : ", ") + configuration.name;
  }
  const struct {
    uint32_t cap;
    const char* name;
  } claims[] = {{FAIRLEAD_CAP_SECURE, "SECURE"},
                {FAIRLEAD_CAP_MUTUAL, "MUTUAL"},
                {FAIRLEAD_CAP_CHANNEL_BINDING, "CHANNEL_BINDING"}};
  for (const auto& claim : claims) {
    const bool claims_it = context.can(claim.cap), has_it = (reached & claim.cap) != 0;
    demand(!claims_it || has_it,
           std::string("it claims ") + claim.name + ", which none of these reached: " + tried);
    demand(claims_it || !has_it, std::string("it reached ") + claim.name + " without claiming it");
  }
  return {};
}

Verdict wrong_peer_refused(Context& context) {
  if (context.configuration.level == Level::clear) skip("this configuration is clear");
  if (context.configuration.wrong_peers.empty()) skip("the setup names no wrong peer");
  demand_right_peer(context);
  for (const WrongPeer& wrong : context.configuration.wrong_peers) {
    try {
      demand_refused(context, wrong);
    } catch (const Ended& ended) {
      throw Ended({ended.verdict().state, wrong.name + ": " + ended.verdict().detail});
    }
  }
  return {};
}

}  // namespace fairlead::check
