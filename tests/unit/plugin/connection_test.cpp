#include "unit/plugin/given_plugin.hpp"

namespace fairlead::support {
namespace {

using plugin::CloseMode;
using plugin::Reading;
using plugin::SendAnswer;

class PluginConnection : public GivenPlugin {
 protected:
  SendAnswer send(uint64_t cookie) {
    const base::ByteView bytes = base::as_bytes("hello");
    return connection->send({&bytes, 1}, cookie);
  }
  void report_closed() { script.host->closed(script.conn, FAIRLEAD_E_RESET, plugin::text("gone\n")); }
};

TEST_F(PluginConnection, OpenedIsToldAfterTheCallbackWithFacts) {
  script.peer_facts.security = FAIRLEAD_SEC_CONFIDENTIAL | FAIRLEAD_SEC_PEER_VERIFIED;
  connection = std::move(*instance->connect(*loop, "there:1", events));
  std::string heard_inside;

  in_callback([&] {
    script.host->opened(script.conn);
    heard_inside = events.heard;
  });

  EXPECT_EQ(heard_inside, "");
  EXPECT_EQ(events.heard, "opened");
  EXPECT_EQ(connection->facts().bits(), 3);
  EXPECT_EQ(connection->facts().scheme, "script");
}

TEST_F(PluginConnection, EarlyBytesWaitForOpened) {
  connection = std::move(*instance->connect(*loop, "there:1", events));
  fairlead_status answer = FAIRLEAD_OK;

  in_callback([&] {
    uint8_t* space = nullptr;
    size_t size = 0;
    script.host->opened(script.conn);
    answer = script.host->rx_reserve(script.conn, 1, &space, &size);
  });

  EXPECT_EQ(answer, FAIRLEAD_AGAIN);
  EXPECT_NE(script.calls.find("on "), std::string::npos);
}

TEST_F(PluginConnection, BytesGoStraightThrough) {
  connect();

  in_callback([&] {
    uint8_t* space = nullptr;
    size_t size = 0;
    EXPECT_EQ(script.host->rx_reserve(script.conn, 1, &space, &size), FAIRLEAD_OK);
    EXPECT_EQ(space, events.room.data());
    EXPECT_EQ(script.host->rx_commit(script.conn, 7), FAIRLEAD_OK);
  });

  EXPECT_EQ(events.heard, "reserve commit7");
}

TEST_F(PluginConnection, NoRoomMeansAgain) {
  connect();
  events.room.clear();

  in_callback([&] {
    uint8_t* space = nullptr;
    size_t size = 0;
    EXPECT_EQ(script.host->rx_reserve(script.conn, 1, &space, &size), FAIRLEAD_AGAIN);
  });
}

TEST_F(PluginConnection, DoneInsideSendIsToldAfterwards) {
  connect();
  script.on_send = [&](uint64_t cookie) {
    script.host->tx_done(script.conn, cookie, FAIRLEAD_OK);
    return FAIRLEAD_OK;
  };

  EXPECT_EQ(send(5), SendAnswer::taken);
  EXPECT_EQ(events.heard, "");
  run_turns(1);

  EXPECT_EQ(events.heard, "done5");
}

TEST_F(PluginConnection, ReadyFollowsAgain) {
  connect();
  script.on_send = [](uint64_t) { return FAIRLEAD_AGAIN; };

  EXPECT_EQ(send(1), SendAnswer::again);
  in_callback([&] { script.host->tx_ready(script.conn); });

  EXPECT_EQ(events.heard, "ready");
}

TEST_F(PluginConnection, SendFromAnEventIsAskedAgainLater) {
  struct SendsAtOnce : RecordedEvents {
    plugin::RxAnswer rx_commit(size_t) override {
      answer = connection->send({}, 1);
      return plugin::RxAnswer::go_on;
    }
    plugin::Connection* connection = nullptr;
    SendAnswer answer = SendAnswer::taken;
  } eager;
  connection = std::move(*instance->connect(*loop, "there:1", eager));
  eager.connection = connection.get();
  in_callback([this] { script.host->opened(script.conn); });
  script.calls.clear();
  eager.heard.clear();

  in_callback([&] { script.host->rx_commit(script.conn, 0); });

  EXPECT_EQ(eager.answer, SendAnswer::again);
  EXPECT_EQ(eager.heard, "ready");
  EXPECT_EQ(script.calls, "");
}

TEST_F(PluginConnection, EndComesInOrder) {
  connect();
  send(9);
  script.calls.clear();

  in_callback([&] {
    script.host->tx_done(script.conn, 9, FAIRLEAD_E_CLOSED);
    report_closed();
    EXPECT_EQ(script.calls, "");
  });

  EXPECT_EQ(events.heard, "undone9 closed-reset");
  EXPECT_EQ(script.calls, "release ");
  EXPECT_EQ(events.detail, "gone?");
}

TEST_F(PluginConnection, CloseIsNotAnsweredInsideTheCall) {
  connect();

  connection->close(CloseMode::abort);
  EXPECT_EQ(events.heard, "");
  run_turns(1);

  EXPECT_EQ(events.heard, "closed-closed");
  EXPECT_EQ(script.calls, "abort release ");
}

TEST_F(PluginConnection, ClosedTwiceIsContainedAndLoggedOnce) {
  connect();

  in_callback([&] {
    report_closed();
    report_closed();
    report_closed();
  });

  EXPECT_EQ(events.heard, "closed-reset");
  EXPECT_EQ(broken_promises(), 2);
  EXPECT_EQ(log.count("plugin.broke_promise"), 1u);
}

TEST_F(PluginConnection, DoneTwiceIsContained) {
  connect();
  send(3);

  in_callback([&] {
    script.host->tx_done(script.conn, 3, FAIRLEAD_OK);
    script.host->tx_done(script.conn, 3, FAIRLEAD_OK);
  });

  EXPECT_EQ(events.heard, "done3");
  EXPECT_EQ(broken_promises(), 1);
}

TEST_F(PluginConnection, ReportsAfterClosedAreContained) {
  connect();

  in_callback([&] {
    uint8_t* space = nullptr;
    size_t size = 0;
    report_closed();
    script.host->tx_done(script.conn, 1, FAIRLEAD_OK);
    script.host->opened(script.conn);
    EXPECT_EQ(script.host->rx_reserve(script.conn, 1, &space, &size), FAIRLEAD_E_CLOSED);
    EXPECT_EQ(script.host->rx_commit(script.conn, 1), FAIRLEAD_E_CLOSED);
  });

  EXPECT_EQ(events.heard, "closed-reset");
  EXPECT_EQ(broken_promises(), 4);
}

TEST_F(PluginConnection, ClosedBeforeDoneStillGivesTheSlicesBack) {
  connect();
  send(4);

  in_callback([&] { report_closed(); });

  EXPECT_EQ(events.heard, "undone4 closed-reset");
  EXPECT_EQ(broken_promises(), 1);
}

TEST_F(PluginConnection, CommitBeyondTheRoomEndsIt) {
  connect();

  in_callback([&] {
    uint8_t* space = nullptr;
    size_t size = 0;
    script.host->rx_reserve(script.conn, 1, &space, &size);
    EXPECT_LT(script.host->rx_commit(script.conn, size + 1), 0);
  });

  EXPECT_EQ(events.heard, "reserve closed-closed");
}

TEST_F(PluginConnection, DestroyedWhileOpenIsAbortedSilently) {
  connect();

  connection.reset();

  EXPECT_EQ(script.calls, "abort release ");
  EXPECT_EQ(events.heard, "");
}

TEST_F(PluginConnection, DestroyedWhileOpenIsReleasedWhenThePluginHasEnded) {
  connect();
  script.on_close = [](int32_t) {};
  connection.reset();
  EXPECT_EQ(script.calls, "abort ");

  in_callback([&] { report_closed(); });

  EXPECT_EQ(script.calls, "abort release ");
  EXPECT_EQ(events.heard, "");
}

TEST_F(PluginConnection, MayBeDestroyedInsideItsClosedEvent) {
  connect();
  events.on_closed = [&] { connection.reset(); };

  in_callback([&] { report_closed(); });

  EXPECT_EQ(events.heard, "closed-reset");
  EXPECT_EQ(script.calls, "release ");
}

TEST_F(PluginConnection, EverythingMayBeDestroyedInsideItsClosedEvent) {
  connect();
  events.on_closed = [&] {
    connection.reset();
    instance.reset();
  };

  in_callback([&] { report_closed(); });

  EXPECT_EQ(script.calls, "release ");
  EXPECT_EQ(script.destroyed, 1);
}

TEST_F(PluginConnection, InstanceWaitsForItsLastConnection) {
  connect();
  script.on_close = [](int32_t) {};
  connection.reset();
  instance.reset();
  EXPECT_EQ(script.destroyed, 0);

  in_callback([&] { report_closed(); });

  EXPECT_EQ(script.destroyed, 1);
}

TEST_F(PluginConnection, ClosedInsideConnectIsToldLater) {
  script.on_connect = [&] { report_closed(); };

  connection = std::move(*instance->connect(*loop, "there:1", events));
  EXPECT_EQ(events.heard, "");
  run_turns(1);

  EXPECT_EQ(events.heard, "closed-reset");
}

TEST_F(PluginConnection, FactsStayAfterTheEnd) {
  script.peer_facts.remote_address = plugin::text("far:1");
  connect();
  in_callback([&] { report_closed(); });

  EXPECT_EQ(connection->facts().remote_address, "far:1");
  EXPECT_EQ(connection->send({}, 1), SendAnswer::failed);
}

TEST_F(PluginConnection, ThrowingSlotEndsTheConnection) {
  connect();
  script.on_send = [](uint64_t) -> fairlead_status { throw std::runtime_error("oops"); };

  EXPECT_EQ(send(1), SendAnswer::failed);
  run_turns(1);

  EXPECT_EQ(events.heard, "closed-closed");
  EXPECT_EQ(log.count("oops"), 1u);
}

TEST_F(PluginConnection, ThrowingCloseStillEndsTheConnection) {
  connect();
  script.on_close = [](int32_t) { throw 1; };

  connection->close(CloseMode::abort);
  run_turns(1);

  EXPECT_EQ(events.heard, "closed-internal");
}

TEST_F(PluginConnection, ReadingWishInsideAnEventIsPassedOnLater) {
  connect();

  in_callback([&] {
    connection->set_reading(Reading::off);
    EXPECT_EQ(script.calls, "");
  });

  EXPECT_EQ(script.calls, "off ");
}

TEST_F(PluginConnection, ForeignTextIsCappedAndPrintable) {
  connect();
  const std::string flood = "\x1b[31m" + std::string(4000, 'a');

  in_callback([&] { script.host->closed(script.conn, -12345, plugin::text(flood)); });

  EXPECT_EQ(events.heard, "closed-internal");
  EXPECT_EQ(events.detail.size(), 512u);
  EXPECT_EQ(events.detail.substr(0, 5), "?[31m");
}

}  // namespace
}  // namespace fairlead::support
