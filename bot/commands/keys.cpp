// SPDX-License-Identifier: Apache-2.0
#include "bot/commands/keys.hpp"

#include "bot/commands/keys_secret.hpp"
#include "bot/console.hpp"
#include "signer/keys/keystore.hpp"
#include "signer/keys/private_file.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace plimsoll::bot {
namespace {

namespace json = boost::json;

constexpr SecretOptions kPassword{"--password-file", "--password-fd"};
constexpr SecretOptions kFromPassword{"--from-password-file", "--from-password-fd"};
constexpr SecretOptions kFromKey{"--from-key-file", "--from-key-fd"};

constexpr Option kPasswordFile{"--password-file", "FILE", "File with the password, of mode 0600 or stricter"};
constexpr Option kPasswordDescriptor{"--password-fd", "N", "Open descriptor to read the password from"};

constexpr std::array kNewOptions{kPasswordFile, kPasswordDescriptor, kJsonOption};
constexpr std::array kImportOptions{
    kPasswordFile,
    kPasswordDescriptor,
    Option{"--from-keystore", "FILE", "Another keystore, whose key gets the new password"},
    Option{"--from-password-file", "FILE", "File with that keystore's password"},
    Option{"--from-password-fd", "N", "Open descriptor to read that keystore's password from"},
    Option{"--from-key-file", "FILE", "File with the key as 64 hex digits, of mode 0600 or stricter"},
    Option{"--from-key-fd", "N", "Open descriptor to read such a key from"},
    kJsonOption};
constexpr std::array kListOptions{kJsonOption};
constexpr std::array kOpenOptions{kPasswordFile, kPasswordDescriptor, kJsonOption};

constexpr std::array kNewFile{Operand{"FILE", "The keystore to make; nothing is overwritten"}};
constexpr std::array kFile{Operand{"FILE", "The keystore"}};
constexpr std::array kFolder{Operand{"FOLDER", "Where to look (the current folder)", false}};

std::string cost_text(const signer::KeyDerivation& how) {
    if (const auto* const scrypt = std::get_if<signer::ScryptCost>(&how.cost)) {
        return "scrypt n=" + std::to_string(scrypt->n) + " r=" + std::to_string(scrypt->r) +
               " p=" + std::to_string(scrypt->p);
    }
    return "pbkdf2 c=" + std::to_string(std::get<signer::Pbkdf2Cost>(how.cost).c);
}

void print_json(json::object&& document) {
    document["schema"] = "plimsoll.keys.v1";
    print_result(json::serialize(document) + "\n");
}

/// One keystore, as every command but `list` tells of it.
ExitCode print_keystore(const Invocation& invocation, const std::string& file, const Address& address,
                        const signer::Keystore& keystore) {
    if (!invocation.has("--json")) {
        print_result(to_string(address) + "\n");
        return ExitCode::ok;
    }
    print_json(
        {{"file", file}, {"address", to_string(address)}, {"derivation", cost_text(keystore.derivation)}});
    return ExitCode::ok;
}

/// Seals the key into a new file.
ExitCode keep(const Invocation& invocation, const signer::Secret& secret) {
    const std::string file = invocation.value("FILE").value_or("");
    std::error_code ignored;
    if (std::filesystem::exists(std::filesystem::symlink_status(file, ignored)))
        return print_error({Errc::storage_failed, file + " exists already, and nothing is overwritten"});
    const auto password = read_new_password(invocation, kPassword);
    if (!password) return print_error(password.error());
    const auto keystore = signer::seal(secret, *password);
    if (!keystore) return print_error(keystore.error());
    const auto written = signer::write_private_file(file, signer::to_json(*keystore));
    if (!written) return print_error(written.error());
    return print_keystore(invocation, file, *keystore->address, *keystore);
}

ExitCode run_new(const Invocation& invocation) {
    const auto secret = signer::random_secret();
    if (!secret) return print_error(secret.error());
    return keep(invocation, *secret);
}

Result<signer::Secret> secret_to_import(const Invocation& invocation) {
    const auto source = invocation.value("--from-keystore");
    const bool raw = invocation.has(kFromKey.file) || invocation.has(kFromKey.descriptor);
    if (source && raw)
        return fail(Errc::refused, "a key comes from a keystore or from a file, not from both");
    if (!source) return read_raw_key(invocation, kFromKey);
    PLIMSOLL_TRY(const signer::Keystore keystore, signer::read_keystore_file(*source));
    PLIMSOLL_TRY(const signer::SecretBytes password,
                 read_password(invocation, kFromPassword, "Password of " + *source + ": "));
    Result<signer::Secret> secret = signer::unseal(keystore, password);
    if (!secret) secret.error().context.insert(0, *source + ": ");
    return secret;
}

ExitCode run_import(const Invocation& invocation) {
    const auto secret = secret_to_import(invocation);
    if (!secret) return print_error(secret.error());
    return keep(invocation, *secret);
}

struct Found {
    std::string file;
    Result<signer::Keystore> keystore;
};

/// Every keystore of a folder by name, also those that cannot be used; other files are passed over.
std::vector<Found> keystores_in(const std::filesystem::path& folder, std::error_code& error) {
    std::vector<Found> out;
    for (std::filesystem::directory_iterator it{folder, error};
         !error && it != std::filesystem::directory_iterator{}; it.increment(error)) {
        std::error_code unknown;
        const std::string name = it->path().filename().string();
        if (name.starts_with('.') || it->is_directory(unknown)) continue;
        Found found{it->path().string(), signer::read_keystore_file(it->path().string())};
        const bool looks = name.ends_with(".json") || name.starts_with("UTC--");
        if (found.keystore || looks) out.push_back(std::move(found));
    }
    std::ranges::sort(out, {}, &Found::file);
    return out;
}

json::object as_json(const Found& found) {
    json::object out{
        {"file", found.file}, {"address", nullptr}, {"derivation", nullptr}, {"problem", nullptr}};
    if (!found.keystore) {
        out["problem"] = found.keystore.error().context;
        return out;
    }
    if (found.keystore->address) out["address"] = to_string(*found.keystore->address);
    out["derivation"] = cost_text(found.keystore->derivation);
    return out;
}

std::string as_text(const Found& found) {
    const std::string unknown = "(address unknown)                         ";
    if (!found.keystore) return unknown + "  " + found.keystore.error().context + "\n";
    const auto& address = found.keystore->address;
    return (address ? to_string(*address) : unknown) + "  " + found.file + "  " +
           cost_text(found.keystore->derivation) + "\n";
}

ExitCode run_list(const Invocation& invocation) {
    const std::string folder = invocation.value("FOLDER").value_or(".");
    std::error_code error;
    const std::vector<Found> all = keystores_in(folder, error);
    if (error) return print_error({Errc::not_found, folder + ": " + error.message()});
    json::array rows;
    for (const Found& found : all) {
        rows.push_back(as_json(found));
        if (!invocation.has("--json")) print_result(as_text(found));
    }
    if (invocation.has("--json")) print_json({{"keys", std::move(rows)}});
    if (all.empty()) print_message("no keystore in " + folder + "\n");
    return ExitCode::ok;
}

ExitCode open_and_print(const Invocation& invocation, const std::string& file,
                        const signer::Keystore& keystore) {
    const auto password = read_password(invocation, kPassword, "Password of " + file + ": ");
    if (!password) return print_error(password.error());
    const auto secret = signer::unseal(keystore, *password);
    if (!secret) return print_error({secret.error().code, file + ": " + secret.error().context});
    return print_keystore(invocation, file, signer::address_of(*secret).value(), keystore);
}

ExitCode run_show_address(const Invocation& invocation) {
    const std::string file = invocation.value("FILE").value_or("");
    const auto keystore = signer::read_keystore_file(file);
    if (!keystore) return print_error(keystore.error());
    if (keystore->address) return print_keystore(invocation, file, *keystore->address, *keystore);
    return open_and_print(invocation, file, *keystore);
}

ExitCode run_verify(const Invocation& invocation) {
    const std::string file = invocation.value("FILE").value_or("");
    const auto keystore = signer::read_keystore_file(file);
    if (!keystore) return print_error(keystore.error());
    return open_and_print(invocation, file, *keystore);
}

}  // namespace

constinit const Command kKeysNewCommand{
    .name = "keys new",
    .help = "Makes a key and keeps it in a new keystore file (Web3 Secret Storage, scrypt)",
    .options = kNewOptions,
    .operands = kNewFile,
    .examples = {"plimsoll keys new keeper.json", "plimsoll keys new keeper.json --password-file password"},
    .run = run_new};

constinit const Command kKeysImportCommand{
    .name = "keys import",
    .help =
        "Keeps a key that exists in a new keystore file; asks for it, or takes it from a file or keystore",
    .options = kImportOptions,
    .operands = kNewFile,
    .examples = {"plimsoll keys import keeper.json",
                 "plimsoll keys import keeper.json --from-keystore UTC--old"},
    .run = run_import};

constinit const Command kKeysListCommand{
    .name = "keys list",
    .help = "The keystores of a folder and the addresses they claim",
    .options = kListOptions,
    .operands = kFolder,
    .examples = {"plimsoll keys list /etc/plimsoll", "plimsoll keys list --json"},
    .run = run_list};

constinit const Command kKeysShowAddressCommand{
    .name = "keys show-address",
    .help = "The address a keystore claims; asks for the password only if it claims none",
    .options = kOpenOptions,
    .operands = kFile,
    .examples = {"plimsoll keys show-address keeper.json", "plimsoll keys show-address keeper.json --json"},
    .run = run_show_address};

constinit const Command kKeysVerifyCommand{
    .name = "keys verify",
    .help = "Opens a keystore with its password and proves its address",
    .options = kOpenOptions,
    .operands = kFile,
    .examples = {"plimsoll keys verify keeper.json",
                 "plimsoll keys verify keeper.json --password-file password"},
    .run = run_verify};

}  // namespace plimsoll::bot
