// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/name_lookup.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <string>

namespace plimsoll::rpc {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

const std::string kNoName(300, 'x');  // longer than any: nobody else has to be asked

/// On a loop that takes no locks, where Asio looks up nothing.
class NameLookups : public testing::Test {
  protected:
    void begin(const std::string& host) {
        lookup_.begin(host, "8546", [this](const error_code& error, NameLookup::Found&& found) {
            EXPECT_TRUE(begun_);
            ++told_;
            error_ = error;
            found_ = std::move(found);
        });
        begun_ = true;
    }

    boost::asio::io_context io_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
    NameLookup lookup_{io_.get_executor()};
    bool begun_ = false;
    int told_ = 0;
    error_code error_;
    NameLookup::Found found_;
};

TEST_F(NameLookups, FindsANameOfThisMachine) {
    begin("localhost");
    io_.run();
    EXPECT_EQ(told_, 1);
    EXPECT_FALSE(error_) << error_.message();
    ASSERT_FALSE(found_.empty());
    for (const tcp::endpoint& one : found_) {
        EXPECT_TRUE(one.address().is_loopback()) << one;
        EXPECT_EQ(one.port(), 8546);
    }
}

TEST_F(NameLookups, TakesALiteralAddressAsItIs) {
    begin("192.0.2.7");
    io_.run();
    EXPECT_EQ(found_, (NameLookup::Found{{boost::asio::ip::make_address("192.0.2.7"), 8546}}));
}

TEST_F(NameLookups, SaysWhyThereIsNothing) {
    begin(kNoName);
    io_.run();
    EXPECT_EQ(told_, 1);
    EXPECT_TRUE(error_);
    EXPECT_TRUE(found_.empty());
}

TEST_F(NameLookups, TellsAnErrorIfItIsCancelled) {
    begin(kNoName);
    lookup_.cancel();
    io_.run();
    EXPECT_EQ(told_, 1);
    EXPECT_EQ(error_, boost::asio::error::operation_aborted);
}

#if !PLIMSOLL_SANITIZED  // sanitizers need descriptors themselves
TEST_F(NameLookups, TellsThatTheSystemHasNoDescriptorLeft) {
    rlimit ours{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &ours), 0);
    rlimit none = ours;
    none.rlim_cur = 0;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    begin("localhost");
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &ours), 0);
    EXPECT_EQ(told_, 0) << "later";
    io_.run();
    EXPECT_EQ(told_, 1);
    EXPECT_EQ(error_, boost::system::errc::too_many_files_open);
}
#endif

}  // namespace
}  // namespace plimsoll::rpc
