#include "instance.hpp"

#include <algorithm>
#include <utility>

#include "host_table.hpp"
#include "verdict.hpp"

namespace fairlead::check {
namespace {

void demand_ok(fairlead_status status, const std::string& doing, const fairlead_error& error) {
  demand(status == FAIRLEAD_OK, doing + " gave " + describe(status, words(error)));
}

}  // namespace

Instance::Instance(World& world, const fairlead_transport& table, const Options& options)
    : world_(world), table_(table), values_(table, options), host_(make_host_table(*this)) {
  listening_.world = &world;
  listening_.table = &table;
}

fairlead_status Instance::create(fairlead_error& error) {
  fairlead_status status = FAIRLEAD_E_INTERNAL;
  const fairlead_config config = values_.config();
  is_creating_ = true;
  world_.slot([&] { status = table_.create(&host_, &config, &self_, &error); });
  is_creating_ = false;
  return status;
}

void Instance::demand_create() {
  fairlead_error error{};
  demand_ok(create(error), "create()", error);
  demand(self_ != nullptr, "create() gave OK and left *self NULL");
}

fairlead_status Instance::listen(const std::string& address, fairlead_error& error) {
  fairlead_status status = FAIRLEAD_E_INTERNAL;
  world_.slot([&] {
    status = table_.listen(self_, &world_, text(address), &listening_, &listening_.object, &error);
  });
  return status;
}

std::string Instance::demand_listen(const std::string& address) {
  fairlead_error error{};
  demand_ok(listen(address, error), "listen(\"" + address + "\")", error);
  demand(listening_.object != nullptr, "listen() gave OK and left *out NULL");
  return this->address();
}

std::string Instance::address() {
  fairlead_text bound{};
  fairlead_status status = FAIRLEAD_E_INTERNAL;
  world_.slot([&] { status = table_.listener_address(listening_.object, &bound); });
  demand(status == FAIRLEAD_OK, "listener_address() gave " + name(status));
  return std::string(view(bound));
}

void Instance::close_listener() {
  if (void* object = std::exchange(listening_.object, nullptr))
    world_.slot([&] { table_.listener_close(object); });
}

Conn& Instance::connect(const std::string& address, fairlead_status& status, fairlead_error& error) {
  Conn& conn = world_.make_conn(table_, Conn::Side::dialling);
  void* object = nullptr;
  world_.slot([&] { status = table_.connect(self_, &world_, text(address), &conn, &object, &error); });
  if (status == FAIRLEAD_OK) conn.object = object;
  return conn;
}

Conn& Instance::demand_connect(const std::string& address) {
  fairlead_error error{};
  fairlead_status status = FAIRLEAD_E_INTERNAL;
  Conn& conn = connect(address, status, error);
  demand_ok(status, "connect(\"" + address + "\")", error);
  demand(conn.object != nullptr, "connect() gave OK and left *out NULL");
  return conn;
}

void Instance::end() {
  close_listener();
  if (void* self = std::exchange(self_, nullptr)) world_.slot([&] { table_.destroy(self); });
}

void Instance::note_log(std::string_view line) {
  const std::lock_guard hold(lock_);
  if (log_.size() < size_t{1} << 20) log_.append(line).append("\n");
}

uint32_t Instance::counter(std::string_view name) {
  const auto found = std::find(counters_.begin(), counters_.end(), name);
  const auto number = static_cast<uint32_t>(found - counters_.begin());
  if (found == counters_.end()) counters_.emplace_back(name);
  return number;
}

}  // namespace fairlead::check
