package dev.spillway.kube.http;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A way to one API server: address, TLS, credentials, and the user agent under which a process appears in audit logs.
 * Credentials are read again every minute (kubelet rotates the token of a pod, others their files) and after a 401.
 * Proxies are not used. Thread-safe.
 */
public final class KubeConnection {
    private static final long REREAD_NANOS = TimeUnit.MINUTES.toNanos(1); // client-go's period for token files
    private static final long REREAD_AFTER_401_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Supplier<Config> source;
    private final boolean rereadsByTime;
    private final String userAgent;

    // Guarded by this.
    private Config config;
    private Access access;
    private long readAtNanos;
    private @Nullable Long refusedAtNanos;

    private KubeConnection(Supplier<Config> source, boolean rereadsByTime, String userAgent) {
        this.source = source;
        this.rereadsByTime = rereadsByTime;
        this.userAgent = userAgent;
        this.config = source.get();
        this.access = accessOf(config);
        this.readAtNanos = System.nanoTime();
    }

    /**
     * A connection by the given kubeconfig file; without one by the first existing file of KUBECONFIG or ~/.kube/config; without
     * any by the service account of the pod that this process runs in. No request is sent yet.
     *
     * @throws UnusableConnectionException with one line for the user
     */
    public static KubeConnection open(@Nullable Path kubeconfig, String userAgent) {
        var file = kubeconfig == null ? firstExisting() : kubeconfig;
        if (file != null) {
            var reader = new Kubeconfig(file);
            // A credential plugin is a process: it is run again when its token is refused, not every minute.
            return new KubeConnection(reader::load, !reader.runsPlugin(), userAgent);
        }
        if (!Files.isReadable(Path.of(Config.KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH))) {
            throw new UnusableConnectionException(
                    "There is no kubeconfig: name one with --kubeconfig or KUBECONFIG, or run inside a cluster.", null);
        }
        return new KubeConnection(() -> Config.autoConfigure(null), true, userAgent);
    }

    /**
     * A connection by a kubeconfig that is kept elsewhere, read again as a file would be. It must hold all that it needs: one that names a
     * file or a program of this machine is refused.
     *
     * @param name what the kubeconfig is called where it cannot be used
     * @param text reads it; may block, and throws {@link UnusableConnectionException} where it cannot
     * @throws UnusableConnectionException with one line for the user
     */
    public static KubeConnection ofText(String name, Supplier<String> text, String userAgent) {
        return new KubeConnection(() -> Kubeconfig.ofText(text.get(), name), true, userAgent);
    }

    private static @Nullable Path firstExisting() {
        return Config.getKubeconfigFilenames().stream()
                .map(Path::of)
                .filter(Files::exists)
                .findFirst()
                .orElse(null);
    }

    /** The server's base URL. */
    public URI server() {
        return access().server();
    }

    /** What every request names as its User-Agent. */
    public String userAgent() {
        return userAgent;
    }

    /** The configuration for a fabric8 client, for paths that are not hot; carries the user agent. */
    public synchronized Config config() {
        config.setUserAgent(userAgent);
        return config;
    }

    /** How to be let in now. */
    synchronized Access access() {
        if (rereadsByTime && System.nanoTime() - readAtNanos > REREAD_NANOS) {
            reread();
        }
        return access;
    }

    /** The server answered 401 to this access: reads the credentials again, at most every 10 s. */
    synchronized void refused(Access used) {
        long now = System.nanoTime();
        if (used.equals(access) && (refusedAtNanos == null || now - refusedAtNanos > REREAD_AFTER_401_NANOS)) {
            refusedAtNanos = now;
            reread();
        }
    }

    private void reread() {
        readAtNanos = System.nanoTime();
        Config now;
        try {
            now = source.get();
        } catch (UnusableConnectionException e) {
            return; // half-written or gone for a moment; what we have may still be good
        }
        if (!fingerprint(now).equals(fingerprint(config))) {
            access = accessOf(now);
        }
        config = now;
    }

    private static List<@Nullable Object> fingerprint(Config config) {
        return Arrays.asList(
                config.getMasterUrl(),
                config.getAutoOAuthToken(),
                config.getOauthToken(),
                config.getUsername(),
                config.getPassword(),
                config.getCaCertData(),
                content(config.getCaCertFile()),
                config.getClientCertData(),
                content(config.getClientCertFile()),
                config.getClientKeyData(),
                content(config.getClientKeyFile()));
    }

    private static @Nullable String content(@Nullable String file) {
        try {
            return file == null ? null : Files.readString(Path.of(file));
        } catch (IOException e) {
            return null;
        }
    }

    private static Access accessOf(Config config) {
        var server = URI.create(Objects.requireNonNull(config.getMasterUrl(), "server URL"));
        var tls = "https".equalsIgnoreCase(server.getScheme()) ? tls(config) : null;
        var tlsName = Kubeconfig.isEmpty(config.getTlsServerName()) ? server.getHost() : config.getTlsServerName();
        return new Access(
                server,
                tls,
                !config.isTrustCerts() && !config.isDisableHostnameVerification(),
                Objects.requireNonNullElse(tlsName, ""),
                headers(config));
    }

    private static SSLSocketFactory tls(Config config) {
        try {
            return SSLUtils.sslContext(SSLUtils.keyManagers(config), trustManagers(config))
                    .getSocketFactory();
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw new UnusableConnectionException(
                    "The certificates for %s cannot be used (%s); correct them in the kubeconfig."
                            .formatted(config.getMasterUrl(), Kubeconfig.reason(e)),
                    e);
        }
    }

    /** As kubectl: a cluster's own authority, where one is given, is the only one trusted. fabric8 would add all public ones. */
    private static TrustManager[] trustManagers(Config config) throws GeneralSecurityException, IOException {
        var data = config.getCaCertData();
        var file = config.getCaCertFile();
        if (config.isTrustCerts() || (Kubeconfig.isEmpty(data) && Kubeconfig.isEmpty(file))) {
            return SSLUtils.trustManagers(config);
        }
        var pem = Kubeconfig.isEmpty(data)
                ? Files.readAllBytes(Path.of(file))
                : Base64.getMimeDecoder().decode(data);
        var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        for (var certificate :
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
            trusted.setCertificateEntry("ca-" + trusted.size(), certificate);
        }
        if (trusted.size() == 0) {
            throw new CertificateException("the certificate authority is empty");
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }

    private static Map<String, String> headers(Config config) {
        var headers = new LinkedHashMap<String, String>();
        var token = Kubeconfig.isEmpty(config.getOauthToken()) ? config.getAutoOAuthToken() : config.getOauthToken();
        if (!Kubeconfig.isEmpty(token)) {
            headers.put("Authorization", "Bearer " + token.strip());
        } else if (!Kubeconfig.isEmpty(config.getUsername())) {
            var pair = config.getUsername() + ":" + Objects.requireNonNullElse(config.getPassword(), "");
            headers.put(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        if (!Kubeconfig.isEmpty(config.getImpersonateUsername())) {
            headers.put("Impersonate-User", config.getImpersonateUsername());
        }
        return Collections.unmodifiableMap(headers);
    }
}
