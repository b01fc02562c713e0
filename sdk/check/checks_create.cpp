// Checks 10 to 12: making instances.
#include <algorithm>
#include <limits>

#include "checks.hpp"
#include "ends.hpp"
#include "option_text.hpp"
#include "process_state.hpp"
#include "traffic.hpp"

namespace fairlead::check {
namespace {

constexpr const char* kMarker = "fairlead-check-secret-5a1f";

/// Creates and destroys an instance of either side that the plugin has.
void create_once(Context& context, World& world) {
  const Configuration& configuration = context.configuration;
  for (const Options* options : {&configuration.listener, &configuration.dialler}) {
    Instance instance(world, context.table(), context.fill(*options));
    instance.demand_create();
  }
}

constexpr int kTimes = 100;
constexpr uint64_t kSlack = 4'096;

/// How much memory 100 more instances take. What malloc keeps for the thread counts as in use, so that the
/// first hundreds may grow without a leak: a leak grows every time.
uint64_t least_growth(Context& context, World& world) {
  constexpr int kWindows = 10;
  uint64_t least = std::numeric_limits<uint64_t>::max();
  for (int window = 0; window < kWindows && least > kSlack; ++window) {
    const uint64_t before = heap_in_use();
    for (int i = 0; i < kTimes; ++i) create_once(context, world);
    const uint64_t after = heap_in_use();
    least = std::min(least, after > before ? after - before : 0);
  }
  return least;
}

struct Trial {
  Role role;
  std::string option, what;
  void (*change)(Values& values, const std::string& option, const std::string& value);
  std::string value;
  bool may_succeed = false;
  Options over{};  ///< over the setup's options
};

void set_number(Values& values, const std::string& option, const std::string& value) {
  values.set_number(option, std::stoll(value));
}
void set_secret(Values& values, const std::string& option, const std::string& value) {
  values.set_secret(option, value);
}
void withhold(Values& values, const std::string& option, const std::string&) {
  values.withhold_secret(option);
}
void leave_as_is(Values&, const std::string&, const std::string&) {}
void leave_out(Values& values, const std::string& option, const std::string&) { values.remove(option); }

void add_ranges(std::vector<Trial>& trials, Role role, const fairlead_option& option) {
  const bool is_bool = option.type == FAIRLEAD_BOOL;
  const int64_t low = is_bool ? 0 : option.min, high = is_bool ? 1 : option.max;
  if (low > std::numeric_limits<int64_t>::min())
    trials.push_back({role, option.name, std::to_string(low - 1), &set_number, std::to_string(low - 1)});
  if (high < std::numeric_limits<int64_t>::max())
    trials.push_back({role, option.name, std::to_string(high + 1), &set_number, std::to_string(high + 1)});
}

/// What can be wrong with the options as they are declared, and what the setup adds.
std::vector<Trial> trials_for(Context& context, Role role, const Values& values) {
  std::vector<Trial> trials;
  for (const fairlead_option& option : options_of(context.table())) {
    if (!values.has(option.name)) continue;
    if (is_numeric(option.type)) add_ranges(trials, role, option);
    if ((option.flags & FAIRLEAD_OPT_REQUIRED) != 0)
      trials.push_back({role, option.name, "left out", &leave_out, ""});
    if (option.type != FAIRLEAD_SECRET) continue;
    trials.push_back({role, option.name, "a secret that cannot be read", &withhold, ""});
    trials.push_back({role, option.name, "a secret of random text", &set_secret, kMarker, true});
  }
  for (const BadValue& bad : context.configuration.bad_values) {
    if (bad.role != role) continue;
    trials.push_back(
        {role, bad.option, "a bad value", &leave_as_is, "", false, {{bad.option, context.fill(bad.value)}}});
  }
  return trials;
}

void judge(const Trial& trial, Instance& instance) {
  fairlead_error error{};
  const fairlead_status status = instance.create(error);
  const std::string said = words(error);
  const std::string what =
      std::string(name(trial.role)) + ", option " + trial.option + " = " + trial.what + ": ";
  demand(said.find(kMarker) == std::string::npos && instance.log().find(kMarker) == std::string::npos,
         what + "the secret appears in a text");
  if (trial.may_succeed && status == FAIRLEAD_OK) return;
  demand(status != FAIRLEAD_OK, what + "create() took it");
  demand(status == FAIRLEAD_E_CONFIG || status == FAIRLEAD_E_CREDENTIAL,
         what + "create() gave " + describe(status, said) + ", expected E_CONFIG or E_CREDENTIAL");
  demand(instance.self() == nullptr, what + "create() was refused and set *self");
  demand(said.find(trial.option) != std::string::npos, what + "the text does not name the option: " + said);
}

/// One pair of ends carries a few bytes both ways.
void demand_works(Context& context, Link link, uint64_t number) {
  std::mt19937_64 random(context.seed + number);
  Queue forth(*link.near), back(*link.far);
  forth.add(random_bytes(random, 1'000 + number));
  back.add(random_bytes(random, 2'000 + number));
  link.near->received.clear();
  exchange(*link.near, *link.far, forth, link.is_echo() ? nullptr : &back, context.can(FAIRLEAD_CAP_MESSAGE));
}

const Configuration& another_configuration(const Context& context) {
  const auto& all = context.setup.configurations;
  const auto here = std::find_if(all.begin(), all.end(), [&](const Configuration& one) {
    return one.name == context.configuration.name;
  });
  return here + 1 == all.end() ? all.front() : *(here + 1);
}

}  // namespace

Verdict create_defaults(Context& context) {
  World world;
  for (int i = 0; i < kTimes; ++i) create_once(context, world);
  const auto descriptors = open_descriptors();
  const size_t threads = count_threads();
  const uint64_t growth = least_growth(context, world);
  const auto descriptors_after = open_descriptors();
  for (const auto& [fd, what] : descriptors_after)
    demand(descriptors.contains(fd), "a descriptor stays open after destroy(): " + what);
  demand(count_threads() == threads, "threads stay behind after destroy()");
  demand(world.loop().watches() == 0 && world.loop().timers() == 0,
         "watches or timers stay behind after destroy()");
  demand(growth <= kSlack, "memory in use grew by " + std::to_string(growth) + " bytes over 100 instances");
  return {};
}

Verdict create_two_instances(Context& context) {
  World world;
  Ends second(context, world, Echo::serves, another_configuration(context));
  {
    Ends first(context, world, Echo::serves);
    const Link early = first.open(), late = second.open();
    demand_works(context, early, 1);
    demand_works(context, late, 2);
    demand_works(context, first.open(), 3);
    for (Conn* end : {early.near, early.far}) end->close(FAIRLEAD_CLOSE_ABORT);
    world.end_all();
  }
  demand_works(context, second.open(), 4);
  world.end_all();
  return {};
}

Verdict create_bad_values(Context& context) {
  size_t tried = 0;
  for (const Role role : {Role::listener, Role::dialler}) {
    const Configuration& configuration = context.configuration;
    const Options options =
        context.fill(role == Role::listener ? configuration.listener : configuration.dialler);
    const Values values(context.table(), options);
    for (const Trial& trial : trials_for(context, role, values)) {
      World world;
      Instance instance(world, context.table(), merged(options, trial.over));
      trial.change(instance.values(), trial.option, trial.value);
      judge(trial, instance);
      ++tried;
    }
  }
  if (tried == 0) skip("it has no option that could be wrong, and the setup names no bad value");
  return {State::pass, std::to_string(tried) + " values"};
}

}  // namespace fairlead::check
