// SPDX-License-Identifier: Apache-2.0
#include "signer/keys/private_file.hpp"

#include "tests/unit/signer/keys/printable.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <concepts>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <type_traits>

namespace plimsoll::signer {
namespace {

namespace fs = std::filesystem;

static_assert(!std::is_copy_constructible_v<SecretBytes> && !std::is_copy_assignable_v<SecretBytes>);
static_assert(!Printable<SecretBytes> && !std::equality_comparable<SecretBytes>);

class PrivateFile : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "plimsoll-private-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { fs::remove_all(folder_); }

    [[nodiscard]] std::string path(const char* name) const { return (folder_ / name).string(); }
    std::string make(const char* name, std::string_view content, mode_t mode) {
        std::ofstream{path(name)} << content;
        ::chmod(path(name).c_str(), mode);
        return path(name);
    }
    fs::path folder_;
};

TEST_F(PrivateFile, IsReadWhenOnlyWeMay) {
    for (const mode_t mode : {0600U, 0400U})
        EXPECT_EQ(read_private_file(make("key", "secret\n", mode), 100)->reveal_text(), "secret\n");
    EXPECT_EQ(read_private_file(make("key", "", 0600), 100)->size(), 0U);
    EXPECT_EQ(read_private_file(make("key", std::string(100, 'x'), 0600), 100)->size(), 100U);
}

TEST_F(PrivateFile, IsRefusedWhenOthersMay) {
    for (const mode_t mode :
         {0640U, 0604U, 0620U, 0602U, 0610U, 0601U, 0700U, 0644U, 0666U, 02600U, 04600U}) {
        const auto read = read_private_file(make("key", "hidden", mode), 100);
        ASSERT_FALSE(read) << mode;
        EXPECT_EQ(read.error().code, Errc::refused);
        EXPECT_NE(read.error().context.find("run: chmod 600 " + path("key")), std::string::npos);
        EXPECT_EQ(read.error().context.find("hidden"), std::string::npos);
        fs::remove(path("key"));
    }
}

TEST_F(PrivateFile, IsNoLinkPipeOrFolder) {
    make("key", "secret", 0600);
    fs::create_symlink(path("key"), path("link"));
    EXPECT_EQ(read_private_file(path("link"), 100).error().code, Errc::refused);
    ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
    EXPECT_EQ(read_private_file(path("pipe"), 100).error().code, Errc::refused);
    EXPECT_EQ(read_private_file(folder_.string(), 100).error().code, Errc::refused);
    EXPECT_EQ(read_private_file(path("absent"), 100).error().code, Errc::not_found);
    EXPECT_EQ(read_private_file("/dev/zero", 100).error().code, Errc::refused);
}

TEST_F(PrivateFile, HasToBeOurs) {
    const std::string file = make("key", "secret", 0600);
    if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
    ASSERT_EQ(chown(file.c_str(), 12345, 12345), 0);
    const auto read = read_private_file(file, 100);
    EXPECT_EQ(read.error().code, Errc::refused);
    EXPECT_NE(read.error().context.find("belongs to user 12345"), std::string::npos);
}

TEST_F(PrivateFile, IsBounded) {
    EXPECT_EQ(read_private_file(make("key", std::string(101, 'x'), 0600), 100).error().code,
              Errc::malformed_input);
}

TEST_F(PrivateFile, IsWrittenWholeAndOnce) {
    const mode_t before = umask(0);
    EXPECT_TRUE(write_private_file(path("new"), "first"));
    umask(before);
    struct stat facts {};
    ASSERT_EQ(stat(path("new").c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 07777U, 0600U);
    EXPECT_EQ(facts.st_nlink, 1U);
    EXPECT_EQ(read_private_file(path("new"), 100)->reveal_text(), "first");
    const auto again = write_private_file(path("new"), "second");
    EXPECT_EQ(again.error().code, Errc::storage_failed);
    EXPECT_NE(again.error().context.find("nothing is overwritten"), std::string::npos);
    EXPECT_EQ(read_private_file(path("new"), 100)->reveal_text(), "first");
    EXPECT_EQ(std::distance(fs::directory_iterator{folder_}, {}), 1) << "no draft is left";
    EXPECT_EQ(write_private_file(path("absent/new"), "x").error().code, Errc::storage_failed);
    fs::create_symlink(path("elsewhere"), path("dangling"));
    EXPECT_FALSE(write_private_file(path("dangling"), "x"));
    EXPECT_FALSE(fs::exists(path("elsewhere")));
}

TEST_F(PrivateFile, DescriptorsAreReadToTheirEndAndBounded) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    ASSERT_EQ(write(ends[1], "pass\r\n", 6), 6);
    close(ends[1]);
    SecretBytes read = read_descriptor(ends[0], 10).value();
    close(ends[0]);
    EXPECT_EQ(read.reveal_text(), "pass\r\n");
    read.drop_line_end();
    EXPECT_EQ(read.reveal_text(), "pass");
    EXPECT_EQ(read_descriptor(-1, 10).error().code, Errc::not_found);
}

TEST(SecretBytes, WipesWhatItCutsAndWhereItCameFrom) {
    SecretBytes first{4};
    std::fill(first.writable().begin(), first.writable().end(), std::uint8_t{0x55});
    const std::uint8_t* const place = first.reveal().data();
    first.shrink(2);
    EXPECT_EQ(place[3], 0);
    EXPECT_EQ(place[1], 0x55);
    SecretBytes second{std::move(first)};
    EXPECT_EQ(second.size(), 2U);
    // NOLINTNEXTLINE(bugprone-use-after-move): that nothing is left is the rule under test.
    EXPECT_TRUE(first.empty());
    SecretBytes same{2};
    EXPECT_FALSE(same_secret(second, same));
    std::fill(same.writable().begin(), same.writable().end(), std::uint8_t{0x55});
    EXPECT_TRUE(same_secret(second, same));
    EXPECT_FALSE(same_secret(second, SecretBytes{3}));
}

}  // namespace
}  // namespace plimsoll::signer
