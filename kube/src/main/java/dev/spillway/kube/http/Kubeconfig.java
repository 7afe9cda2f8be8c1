package dev.spillway.kube.http;

import dev.spillway.kube.translate.Quoted;
import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a kubeconfig file through fabric8, which knows certificates, tokens and credential plugins. What it would pass over
 * in silence (a context, cluster or user that does not exist) is found before, and said in one line.
 */
final class Kubeconfig {
    private final Path file;

    Kubeconfig(Path file) {
        this.file = file;
    }

    /** The configuration, read anew; credential plugins are run. {@link UnusableConnectionException} where it cannot be used. */
    Config load() {
        var parsed = parse();
        var context = context(parsed);
        check(cluster(parsed, context).getServer());
        var user = user(parsed, context);
        Config config;
        try {
            config = Config.fromKubeconfig(file.toFile());
        } catch (RuntimeException e) {
            throw unusable(
                    "%s; correct user %s."
                            .formatted(reason(e), context.getContext().getUser()),
                    e);
        }
        if (user != null && isEmpty(config.getAutoOAuthToken())) {
            complete(config, user, context.getContext().getUser());
        }
        return config;
    }

    /** What fabric8 leaves out: token files, and a word where a credential plugin gave nothing. */
    private void complete(Config config, AuthInfo user, String userName) {
        if (!isEmpty(user.getTokenFile())) {
            config.setAutoOAuthToken(readToken(file.resolveSibling(user.getTokenFile())));
        } else if (user.getExec() != null && isEmpty(config.getClientCertData())) {
            throw unusable(
                    "the credential plugin %s of user %s gave no credentials; run it by hand to see why."
                            .formatted(user.getExec().getCommand(), userName),
                    null);
        }
    }

    /**
     * The configuration that a text holds which came from elsewhere than the user's own disk. Everything must be in it: what names a file or a
     * program of this machine is refused, for whoever wrote the text would read or run it here.
     *
     * @param name what the text is called in {@link UnusableConnectionException}
     */
    static Config ofText(String text, String name) {
        var reader = new Kubeconfig(Path.of(name));
        var parsed = reader.parse(text);
        var context = reader.context(parsed);
        var cluster = reader.cluster(parsed, context);
        reader.check(cluster.getServer());
        var user = reader.user(parsed, context);
        if (!isEmpty(cluster.getCertificateAuthority())
                || (user != null
                        && (user.getExec() != null
                                || user.getAuthProvider() != null
                                || !isEmpty(user.getTokenFile())
                                || !isEmpty(user.getClientCertificate())
                                || !isEmpty(user.getClientKey())))) {
            throw reader.unusable(
                    "it names a file or a program; put the data itself into it (kubectl config view --flatten), and a token or a"
                            + " client certificate in the place of a program.",
                    null);
        }
        try {
            return Config.fromKubeconfig(text);
        } catch (RuntimeException e) {
            throw reader.unusable("%s; correct it.".formatted(reason(e)), e);
        }
    }

    /** Whether its credentials come from a program that is run. */
    boolean runsPlugin() {
        var parsed = parse();
        var user = user(parsed, context(parsed));
        return user != null && user.getExec() != null;
    }

    private io.fabric8.kubernetes.api.model.Config parse() {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw unusable("there is no such file; name an existing one with --kubeconfig or KUBECONFIG.", e);
        } catch (IOException e) {
            throw unusable("it cannot be read (%s); check the path and its permissions.".formatted(reason(e)), e);
        }
        return parse(text);
    }

    private io.fabric8.kubernetes.api.model.Config parse(String text) {
        try {
            var parsed = KubeConfigUtils.parseConfigFromString(text);
            if (parsed == null
                    || parsed.getContexts() == null
                    || parsed.getContexts().isEmpty()) {
                throw unusable("it has no contexts; it must be a kubeconfig, as kubectl config view shows one.", null);
            }
            return parsed;
        } catch (UnusableConnectionException e) {
            throw e;
        } catch (RuntimeException e) {
            throw unusable("it is not valid YAML of a kubeconfig (%s).".formatted(reason(e)), e);
        }
    }

    private NamedContext context(io.fabric8.kubernetes.api.model.Config parsed) {
        var name = parsed.getCurrentContext();
        if (isEmpty(name)) {
            throw unusable("it names no current-context; run kubectl config use-context NAME.", null);
        }
        for (var context : parsed.getContexts()) {
            if (name.equals(context.getName()) && context.getContext() != null) {
                return context;
            }
        }
        throw unusable(
                "its current-context %s does not exist; run kubectl config use-context NAME.".formatted(name), null);
    }

    private Cluster cluster(io.fabric8.kubernetes.api.model.Config parsed, NamedContext context) {
        var name = context.getContext().getCluster();
        for (var cluster : orEmpty(parsed.getClusters())) {
            if (cluster.getName().equals(name) && cluster.getCluster() != null) {
                return cluster.getCluster();
            }
        }
        throw unusable(
                "context %s names cluster %s, which does not exist; add it.".formatted(context.getName(), name), null);
    }

    private @Nullable AuthInfo user(io.fabric8.kubernetes.api.model.Config parsed, NamedContext context) {
        var name = context.getContext().getUser();
        if (isEmpty(name)) {
            return null;
        }
        for (var user : orEmpty(parsed.getUsers())) {
            if (user.getName().equals(name)) {
                return user.getUser();
            }
        }
        throw unusable(
                "context %s names user %s, which does not exist; add it.".formatted(context.getName(), name), null);
    }

    /** Its text is not shown: somebody may have written a password into it. */
    private void check(@Nullable String server) {
        if (server == null) {
            throw noUrl("is missing");
        }
        if (!server.matches("(?i)https?://.+")) {
            throw noUrl("is not a URL");
        }
        URI url;
        try {
            url = new URI(server);
        } catch (URISyntaxException e) {
            throw noUrl("is not a URL"); // without the cause, which has the text
        }
        if (url.getHost() == null) {
            throw noUrl("has no host");
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw noUrl("has more than scheme, host, port and path");
        }
    }

    private UnusableConnectionException noUrl(String what) {
        return unusable("its server %s; write a URL such as https://10.0.0.1:6443.".formatted(what), null);
    }

    private String readToken(Path tokenFile) {
        try {
            return Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw unusable("its token file %s cannot be read (%s).".formatted(tokenFile, reason(e)), e);
        }
    }

    private UnusableConnectionException unusable(String what, @Nullable Throwable cause) {
        return new UnusableConnectionException("Kubeconfig %s: %s".formatted(file, what), cause);
    }

    /** The innermost message in one line: the outer ones of TLS say little. Parsers quote what they read, so of theirs the place alone. */
    static String reason(Throwable thrown) {
        var innermost = thrown;
        for (var cause = thrown; cause != null; cause = cause.getCause()) {
            if (Quoted.isOfParser(cause)) {
                return Quoted.problem(thrown);
            }
            innermost = cause;
        }
        var message = innermost.getMessage();
        if (message == null || message.isBlank()) {
            return innermost.getClass().getSimpleName();
        }
        var oneLine = message.strip().replaceAll("\\s*\\R\\s*", " ");
        return oneLine.length() <= 200 ? oneLine : oneLine.substring(0, 200) + "...";
    }

    static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
