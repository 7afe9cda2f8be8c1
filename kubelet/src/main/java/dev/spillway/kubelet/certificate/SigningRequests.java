package dev.spillway.kubelet.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/** CertificateSigningRequest (certificates.k8s.io/v1) for a kubelet's serving certificate: requests, and what their answers say. Pure. */
final class SigningRequests {
    static final String SIGNER = "kubernetes.io/kubelet-serving";
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String PATH = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    private static final byte[] EXTENSION_REQUEST = Der.identifier("1.2.840.113549.1.9.14");
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private SigningRequests() {}

    /** What became of a request. */
    sealed interface State {
        /** It is there. */
        record Pending(String name) implements State {}

        /** Signed. */
        record Signed(List<X509Certificate> chain) implements State {}

        /** It will never be signed, for this reason. */
        record Refused(String why) implements State {}

        /** The home cluster did not say. */
        record Unknown(String why) implements State {}
    }

    static ApiRequest create(ServingName name, KeyPair key) {
        var pem = "-----BEGIN CERTIFICATE REQUEST-----\n%s\n-----END CERTIFICATE REQUEST-----\n"
                .formatted(LINES.encodeToString(pkcs10(name, key)));
        var object = MAPPER.createObjectNode()
                .put("apiVersion", "certificates.k8s.io/v1")
                .put("kind", "CertificateSigningRequest");
        object.putObject("metadata").put("generateName", "spillway-kubelet-");
        var spec = object.putObject("spec")
                .put("signerName", SIGNER)
                .put("request", Base64.getEncoder().encodeToString(pem.getBytes(US_ASCII)));
        spec.putArray("usages").add("digital signature").add("server auth");
        return new ApiRequest("POST", PATH, "application/json", object.toString());
    }

    static ApiRequest read(String name) {
        return ApiRequest.get(PATH + "/" + ApiRequest.segment(name));
    }

    /** A request for a certificate, RFC 2986. */
    static byte[] pkcs10(ServingName name, KeyPair key) {
        var extensions = Der.sequence(Signatures.alternativeNames(name.dnsNames(), name.addresses()));
        var content = Der.sequence(
                Der.integer(BigInteger.ZERO),
                name.subject().getEncoded(),
                key.getPublic().getEncoded(),
                Der.tagged(0xa0, Der.sequence(EXTENSION_REQUEST, Der.set(extensions))));
        return Signatures.signed(content, key.getPrivate());
    }

    static State state(ApiResponse response) {
        if (response.code() == 404) {
            return new State.Refused("it is gone");
        }
        var object = parse(response.body());
        var name = object.path("metadata").path("name").asText();
        if (!response.isSuccess() || name.isEmpty()) {
            return new State.Unknown("HTTP %d %s"
                    .formatted(response.code(), object.path("message").asText()));
        }
        for (var condition : object.path("status").path("conditions")) {
            var type = condition.path("type").asText();
            if (type.equals("Denied") || type.equals("Failed")) {
                return new State.Refused(
                        "%s: %s".formatted(type, condition.path("message").asText()));
            }
        }
        var certificate = object.path("status").path("certificate").asText();
        return certificate.isEmpty() ? new State.Pending(name) : signed(certificate);
    }

    private static State signed(String base64) {
        try {
            var pem = Base64.getDecoder().decode(base64);
            var chain = CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
            return chain.isEmpty()
                    ? new State.Refused("what was signed is no certificate")
                    : new State.Signed(
                            chain.stream().map(X509Certificate.class::cast).toList());
        } catch (CertificateException | IllegalArgumentException e) {
            return new State.Refused("what was signed is no certificate: " + e.getMessage());
        }
    }

    private static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
