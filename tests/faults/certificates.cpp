// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/certificates.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace plimsoll::faults {
namespace {

struct CertificateFolder {
    CertificateFolder() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "plimsoll-certificates-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
        path = pattern;
        const std::string command = std::string{PLIMSOLL_MAKE_CERTIFICATES} + " '" + path + "'";
        if (std::system(command.c_str()) != 0) throw std::runtime_error{"openssl made no certificates"};
    }
    ~CertificateFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    std::string path;
};

}  // namespace

const std::string& certificates() {
    static const CertificateFolder folder;
    return folder.path;
}

}  // namespace plimsoll::faults
