// SPDX-License-Identifier: Apache-2.0
#include "bot/control/control_server.hpp"

#include "bot/control/control_client.hpp"
#include "bot/control/control_path.hpp"
#include "chain/async/task.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

namespace plimsoll::bot {
namespace {

namespace fs = std::filesystem;
namespace asio = boost::asio;

/// A server in a folder of its own, on a thread of its own.
class Served {
  public:
    explicit Served(const std::string& below = "") {
        std::string pattern = (fs::temp_directory_path() / "plimsoll-control-XXXXXX").string();
        root_ = mkdtemp(pattern.data());
        folder = root_ / below;
        fs::create_directories(folder);
        server = std::make_unique<ControlServer>(io_.get_executor(), [](const ControlRequest& request) {
            const std::string intent = request.intent ? std::to_string(*request.intent) : "none";
            return R"({"heard":")" + request.order + " " + intent + "\"}";
        });
    }
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;
    ~Served() {
        io_.stop();
        if (thread_.joinable()) thread_.join();
        server.reset();
        fs::remove_all(root_);
    }
    void start() {
        asio::co_spawn(io_, server->run(), [](std::exception_ptr) {});
        thread_ = std::thread{[this] { io_.run(); }};
    }

    fs::path folder;
    std::unique_ptr<ControlServer> server;

  private:
    fs::path root_;
    asio::io_context io_{1};
    std::thread thread_;
};

TEST(ControlServer, AnswersOneRequestAConnection) {
    Served served;
    ASSERT_TRUE(served.server->listen(served.folder));
    served.start();
    EXPECT_EQ(ask_keeper(served.folder, R"({"order":"cancel","intent":17})"), R"({"heard":"cancel 17"})");
    EXPECT_EQ(ask_keeper(served.folder, R"({"order":"status","more":[1]})"), R"({"heard":"status none"})");
    for (const char* const nonsense :
         {"", "{}", "[]", "nonsense", R"({"order":1})", R"({"order":"cancel","intent":-1})",
          R"({"order":"cancel","intent":"17"})"}) {
        const Result<std::string> answer = ask_keeper(served.folder, nonsense);
        ASSERT_TRUE(answer) << nonsense;
        EXPECT_NE(answer->find(R"("ok":false)"), std::string::npos) << *answer;
    }
    const Result<std::string> endless = ask_keeper(served.folder, std::string(100'000, 'x'));
    EXPECT_TRUE(!endless || endless->find(R"("ok":false)") != std::string::npos);
    EXPECT_EQ(ask_keeper(served.folder, R"({"order":"again"})"), R"({"heard":"again none"})");
}

TEST(ControlServer, IsForThisUserOnly) {
    Served served;
    ASSERT_TRUE(served.server->listen(served.folder));
    struct stat facts {};
    ASSERT_EQ(::stat((served.folder / kControlName).c_str(), &facts), 0);
    EXPECT_TRUE(S_ISSOCK(facts.st_mode));
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
}

TEST(ControlServer, ReplacesASocketThatNobodyServesButNoOther) {
    Served served;
    std::ofstream{served.folder / kControlName};  // what a crash left behind, or anything else of that name
    ASSERT_TRUE(served.server->listen(served.folder));
    served.start();
    ControlServer second{asio::system_executor{}, [](const ControlRequest&) { return std::string{}; }};
    const Result<void> refused = second.listen(served.folder);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::refused);
    EXPECT_TRUE(ask_keeper(served.folder, R"({"order":"status"})")) << "the first one goes on";
}

TEST(ControlServer, WorksInAFolderTooDeepForASocketsName) {
    Served served{std::string(60, 'a') + "/" + std::string(60, 'b')};
    ASSERT_TRUE(served.server->listen(served.folder));
    served.start();
    EXPECT_EQ(ask_keeper(served.folder, R"({"order":"status"})"), R"({"heard":"status none"})");
}

TEST(ControlClient, SaysWhenNobodyIsThere) {
    Served served;
    const Result<std::string> nobody = ask_keeper(served.folder, "{}");
    ASSERT_FALSE(nobody);
    EXPECT_EQ(nobody.error().code, Errc::not_found);
    EXPECT_EQ(ask_keeper(served.folder / "missing", "{}").error().code, Errc::not_found);
    ASSERT_TRUE(served.server->listen(served.folder));  // it listens, but nothing runs
    const auto silent = ask_keeper(served.folder, "{}", std::chrono::milliseconds{50});
    ASSERT_FALSE(silent);
    EXPECT_EQ(silent.error().code, Errc::timed_out);
    served.server.reset();
    EXPECT_EQ(ask_keeper(served.folder, "{}").error().code, Errc::not_found) << "the socket is taken away";
}

}  // namespace
}  // namespace plimsoll::bot
