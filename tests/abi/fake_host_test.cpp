// Today's plugins in a kernel of version 1.0.
#include "abi/fake_host.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "build_paths.hpp"

namespace fairlead::abi {
namespace {

struct Case {
  const char* file;  ///< below the build folder
  const char* listen;
  std::map<std::string, std::string> options;
};

class TodaysPlugin : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    const std::string file = std::string(FAIRLEAD_BINARY_DIR) + "/" + GetParam().file;
    library_ = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(library_, nullptr) << ::dlerror();
    plugin_ = static_cast<const fairlead_transport*>(::dlsym(library_, FAIRLEAD_TRANSPORT_SYMBOL));
    ASSERT_NE(plugin_, nullptr);
    for (void*& self : selves_) self = make();
  }
  void TearDown() override {
    for (void* self : selves_)
      if (self != nullptr) plugin_->destroy(self);
    ::dlclose(library_);
  }

  void* make() {
    FakeConfig config(*plugin_, GetParam().options);
    Guarded<fairlead_error> error;
    void* self = nullptr;
    const fairlead_status status = plugin_->create(host_.table(), config.get(), &self, error.get());
    EXPECT_EQ(status, FAIRLEAD_OK) << std::string(error->text, error->text_size);
    return self;
  }

  void listen() {
    Guarded<fairlead_error> error;
    const std::string where = GetParam().listen[0] != '/'
                                  ? std::string(GetParam().listen)
                                  : testing::TempDir() + "fairlead-abi-" + std::to_string(::getpid());
    const fairlead_status status = plugin_->listen(selves_[0], host_.loop(), {where.data(), where.size()},
                                                   &listener_, &plugin_listener_, error.get());
    ASSERT_EQ(status, FAIRLEAD_OK) << std::string(error->text, error->text_size);
  }

  void connect() {
    Guarded<fairlead_error> error;
    Guarded<fairlead_text> address;
    ASSERT_EQ(plugin_->listener_address(plugin_listener_, address.get()), FAIRLEAD_OK);
    const fairlead_status status = plugin_->connect(selves_[1], host_.loop(), *address.get(), &dialled_,
                                                    &dialled_.plugin_side, error.get());
    ASSERT_EQ(status, FAIRLEAD_OK) << std::string(error->text, error->text_size);
    ASSERT_TRUE(host_.run_until([&] {
      return dialled_.opened == 1 && !listener_.taken.empty() && listener_.taken.front().opened == 1;
    })) << host_.logged();
  }

  void send(fairlead_conn& from, const std::string& payload, uint64_t cookie) {
    Guarded<fairlead_bytes> slices(3);
    const auto* bytes = static_cast<const uint8_t*>(static_cast<const void*>(payload.data()));
    slices[0] = {bytes, 1};
    slices[1] = {nullptr, 0};
    slices[2] = {bytes + 1, payload.size() - 1};
    ASSERT_EQ(plugin_->send(from.plugin_side, slices.get(), 3, cookie), FAIRLEAD_OK);
  }

  FakeHost host_;
  void* library_ = nullptr;
  const fairlead_transport* plugin_ = nullptr;
  std::array<void*, 2> selves_{};  ///< the instance that listens and the one that connects
  fairlead_listener listener_;
  void* plugin_listener_ = nullptr;
  fairlead_conn dialled_;
};

TEST_P(TodaysPlugin, SaysThatAnOldKernelWillDo) {
  EXPECT_EQ(plugin_->magic, FAIRLEAD_TRANSPORT_MAGIC);
  EXPECT_EQ(plugin_->abi_major, FAIRLEAD_ABI_MAJOR);
  EXPECT_EQ(plugin_->needs_host_minor, 0);
  EXPECT_GE(plugin_->struct_size, sizeof(fairlead_transport));
}

TEST_P(TodaysPlugin, CarriesBytesBothWaysAndEndsInOrder) {
  const std::string question(1 << 20, 'q'), answer(1 << 20, 'a');
  listen();
  connect();
  fairlead_conn& taken = listener_.taken.front();

  send(dialled_, question, 7);
  send(taken, answer, 8);
  EXPECT_TRUE(host_.run_until([&] { return taken.received == question && dialled_.received == answer; }));
  EXPECT_TRUE(host_.run_until([&] { return !dialled_.done.empty() && !taken.done.empty(); }));
  EXPECT_EQ(dialled_.done, std::vector<uint64_t>{7});
  EXPECT_EQ(taken.done, std::vector<uint64_t>{8});
  Guarded<fairlead_peer> peer;
  peer->struct_size = sizeof(fairlead_peer);
  EXPECT_EQ(plugin_->peer(dialled_.plugin_side, peer.get()), FAIRLEAD_OK);
  EXPECT_EQ(peer->security, 0u);

  plugin_->close(dialled_.plugin_side, FAIRLEAD_CLOSE_DRAIN);
  EXPECT_TRUE(host_.run_until([&] { return taken.closed == 1; }));
  EXPECT_TRUE(host_.run_until([&] { return dialled_.closed == 1; }));
  plugin_->release(taken.plugin_side);
  plugin_->release(dialled_.plugin_side);
  plugin_->listener_close(plugin_listener_);
  EXPECT_EQ(taken.closed, 1);
  EXPECT_EQ(dialled_.closed, 1);
}

std::string stem_of(const testing::TestParamInfo<Case>& info) {
  return std::filesystem::path(info.param.file).stem().string();
}
INSTANTIATE_TEST_SUITE_P(All, TodaysPlugin,
                         testing::Values(Case{"plugins/tcp_tls.so", "127.0.0.1:0", {{"security", "clear"}}},
                                         Case{"tests/abi/my_link.so", "127.0.0.1:0", {}},
                                         Case{"tests/abi/unix_stream.so", "/", {}}),
                         stem_of);

}  // namespace
}  // namespace fairlead::abi
