// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/certificate.hpp"

#include "chain/rpc/transport.hpp"

#include <openssl/bio.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstddef>
#include <memory>

namespace plimsoll::rpc {
namespace {

constexpr std::size_t kMaxText = 200;
constexpr int kMaxNames = 5;

struct FreeBio {
    void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

std::string text_in(const Bio& bio) {
    std::array<char, kMaxText> buffer{};
    const int size = BIO_read(bio.get(), buffer.data(), static_cast<int>(buffer.size()));
    return size <= 0 ? std::string{"?"}
                     : printable({buffer.data(), static_cast<std::size_t>(size)}, kMaxText);
}

std::string date(const ASN1_TIME* time) {
    const Bio bio{BIO_new(BIO_s_mem())};
    if (time == nullptr || ASN1_TIME_print(bio.get(), time) != 1) return "?";
    return text_in(bio);
}

std::string name_of(const X509_NAME* name) {
    const Bio bio{BIO_new(BIO_s_mem())};
    if (name == nullptr || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_ONELINE) < 0) return "?";
    return text_in(bio);
}

/// The hosts the certificate is for, as many as fit.
std::string hosts_of(const X509* certificate) {
    struct FreeNames {
        void operator()(GENERAL_NAMES* names) const noexcept { GENERAL_NAMES_free(names); }
    };
    const std::unique_ptr<GENERAL_NAMES, FreeNames> names{
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
    if (!names) return name_of(X509_get_subject_name(certificate));
    const Bio bio{BIO_new(BIO_s_mem())};
    const int count = sk_GENERAL_NAME_num(names.get());
    for (int i = 0; i < count && i < kMaxNames; ++i) {
        if (i != 0) BIO_puts(bio.get(), ", ");
        GENERAL_NAME_print(bio.get(), sk_GENERAL_NAME_value(names.get(), i));
    }
    if (count > kMaxNames) BIO_puts(bio.get(), ", more");
    return text_in(bio);
}

}  // namespace

std::string certificate_problem(X509_STORE_CTX* verification, const std::string& host) {
    const int problem = X509_STORE_CTX_get_error(verification);
    const X509* const certificate = X509_STORE_CTX_get_current_cert(verification);
    if (certificate == nullptr) return X509_verify_cert_error_string(problem);
    switch (problem) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return "the certificate expired on " + date(X509_get0_notAfter(certificate));
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return "the certificate is valid from " + date(X509_get0_notBefore(certificate)) +
                   "; is the clock of this machine right?";
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return "the certificate is for another host (" + hosts_of(certificate) + "), not for " + host;
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
            return "the certificate is self-signed, so it proves nothing; to believe it, name it as the "
                   "endpoint's own certificate authority";
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return "the certificate is from an authority that is not known here (" +
                   name_of(X509_get_issuer_name(certificate)) +
                   "); a private one is named as the endpoint's own certificate authority";
        default:
            return std::string{"the certificate is not believed: "} + X509_verify_cert_error_string(problem);
    }
}

}  // namespace plimsoll::rpc
