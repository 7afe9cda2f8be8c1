package dev.spillway.clusterregion.call;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import org.jspecify.annotations.Nullable;

/** What of a server's certificate keeps us from talking to it, in words for whoever wrote the kubeconfig. Pure. */
final class CertificateProblem {
    private CertificateProblem() {}

    /** Null where no certificate is to blame. */
    static @Nullable String of(Throwable thrown) {
        String found = null;
        for (var cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
                return "its certificate has ended or has not begun (%s)".formatted(cause.getMessage());
            }
            if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException) {
                found = "the certificate-authority of the kubeconfig has not signed its certificate";
            } else if (cause instanceof CertificateException && found == null) {
                found = "its certificate is not for the server that the kubeconfig names (%s)"
                        .formatted(cause.getMessage());
            }
        }
        return found;
    }
}
