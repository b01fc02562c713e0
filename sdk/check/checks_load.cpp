// Checks 4 and 5: what loading does.
#include "checks.hpp"
#include "loop.hpp"
#include "process_state.hpp"

namespace fairlead::check {

Verdict load_now_local(Context& context) {
  constexpr uint64_t kSlow = 100'000'000;
  const uint64_t begin = now_ns();
  context.plugin();
  const uint64_t took = now_ns() - begin;
  if (took < kSlow) return {};
  return {State::warn, "loading took " + std::to_string(took / 1'000'000) + " ms, expected below 100 ms"};
}

Verdict load_no_side_effects(Context& context) {
  const ProcessSettings before = ProcessSettings::now();
  context.plugin();
  const ProcessSettings after = ProcessSettings::now();
  demand(after.threads == before.threads, "loading it started a thread");
  for (const auto& [fd, what] : after.descriptors)
    demand(before.descriptors.contains(fd), "loading it opened a descriptor: " + what);
  demand(after.signals == before.signals, "loading it changed a signal's disposition");
  demand(after.locale == before.locale, "loading it changed the locale to " + after.locale);
  demand(after.umask == before.umask, "loading it changed the umask");
  demand(after.folder == before.folder, "loading it changed the working directory to " + after.folder);
  demand(after.environment == before.environment, "loading it changed the environment");
  return {};
}

}  // namespace fairlead::check
