package dev.spillway.it;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of one control plane: keys, the administrator's token and kubeconfig, logs, etcd's data. Only its owner can
 * read it. Immutable; what it writes is for one control plane.
 */
final class ControlPlaneFiles {

    private static final String AUDIT_POLICY = """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules:
              - level: Metadata
                verbs: [create, update, patch, delete, deletecollection]
              - level: None
            """;

    private final Path folder;
    private final Path etcdData;
    private final String token;

    private ControlPlaneFiles(Path folder, Path etcdData, String token) {
        this.folder = folder;
        this.etcdData = etcdData;
        this.token = token;
    }

    /** Makes the folder, with all that has to be there before the first program starts. */
    static ControlPlaneFiles create(ControlPlaneSettings settings) {
        try {
            Files.createDirectories(settings.parent());
            Path folder = Files.createTempDirectory(settings.parent(), "control-plane-");
            Path etcdData = etcdData(settings.storage(), folder);
            String token = HexFormat.of().formatHex(SecureRandom.getSeed(16));
            ControlPlaneFiles files = new ControlPlaneFiles(folder, etcdData, token);
            Files.createDirectory(files.logs());
            files.write("tokens.csv", "%s,admin,admin,system:masters%n".formatted(token));
            files.write("audit-policy.yaml", AUDIT_POLICY);
            files.writeKeys(InstantSource.system().instant());
            return files;
        } catch (IOException e) {
            throw new ControlPlaneException(
                    "No folder for a control plane can be made in %s: %s".formatted(settings.parent(), e.getMessage()),
                    e);
        }
    }

    private static Path etcdData(ControlPlaneSettings.Storage storage, Path folder) throws IOException {
        return switch (storage) {
            case DISK, DISK_WITHOUT_FSYNC -> folder.resolve("etcd");
            case MEMORY -> {
                Path memory = Path.of("/dev/shm");
                if (!Files.isDirectory(memory)) {
                    throw new ControlPlaneException("This machine has no /dev/shm to keep etcd's data in memory;"
                            + " choose the storage disk-without-fsync.");
                }
                yield Files.createTempDirectory(memory, "control-plane-etcd-");
            }
        };
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    Path etcdData() {
        return etcdData;
    }

    Path logs() {
        return file("logs");
    }

    Path log(String program) {
        return logs().resolve(program + ".log");
    }

    Path kubeconfig() {
        return file("kubeconfig");
    }

    Path certificateAuthority() {
        return file("ca.crt");
    }

    /** By which kube-apiserver proves to a kubelet who it is; an authority for that at the same time. */
    Path kubeletClientCertificate() {
        return file("kubelet-client.crt");
    }

    String token() {
        return token;
    }

    /** kube-apiserver has written its certificate, the last file of the pair, in whole. */
    boolean serverCertificateIsThere() {
        return Files.exists(file("certs/apiserver.crt")) && Files.exists(file("certs/apiserver.key"));
    }

    /**
     * Takes the authority out of the chain that kube-apiserver made for itself, and writes the administrator's
     * kubeconfig. The chain's first certificate is the server's own: whoever publishes that as an authority is refused.
     */
    Certificate writeKubeconfig(URI server) {
        try {
            byte[] chain = Files.readAllBytes(file("certs/apiserver.crt"));
            Certificate authority = List.copyOf(CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(chain)))
                    .getLast();
            String pem = pem("CERTIFICATE", authority.getEncoded());
            write("ca.crt", pem);
            write("kubeconfig", """
                    apiVersion: v1
                    kind: Config
                    current-context: control-plane
                    clusters:
                      - name: control-plane
                        cluster:
                          server: %s
                          certificate-authority-data: %s
                    users:
                      - name: admin
                        user:
                          token: %s
                    contexts:
                      - name: control-plane
                        context:
                          cluster: control-plane
                          user: admin
                          namespace: default
                    """.formatted(
                    server, Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)), token));
            return authority;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new ControlPlaneException("kube-apiserver's own certificate is not readable.", e);
        }
    }

    /** Some program's log contains the words. */
    boolean logsSay(String words) {
        try (Stream<Path> logs = Files.list(logs())) {
            for (Path log : logs.toList()) {
                if (Files.readString(log, StandardCharsets.ISO_8859_1).contains(words)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void removeData() {
        remove(etcdData);
    }

    void removeAll() {
        remove(etcdData);
        remove(folder);
    }

    private void writeKeys(Instant now) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            write("service-account.key", pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
            write("service-account.pub", pem("PUBLIC KEY", keys.getPublic().getEncoded()));
            KeyPair client = generator.generateKeyPair();
            write("kubelet-client.key", pem("PRIVATE KEY", client.getPrivate().getEncoded()));
            byte[] certificate = ClientCertificate.of("kube-apiserver", "system:masters", client, now);
            write("kubelet-client.crt", pem("CERTIFICATE", certificate));
        } catch (GeneralSecurityException e) {
            throw new ControlPlaneException("This JDK makes no EC key.", e);
        }
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(file(name), content);
    }

    private static String pem(String what, byte[] content) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(what, base64, what);
    }

    private static void remove(Path tree) {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new ControlPlaneException("%s could not be removed: %s".formatted(tree, e.getMessage()), e);
        }
    }
}
