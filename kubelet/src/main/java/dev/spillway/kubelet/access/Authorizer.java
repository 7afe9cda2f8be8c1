package dev.spillway.kubelet.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.kube.http.Sender;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Asks the home cluster who somebody is and what they may, as a kubelet does. Answers are remembered: a yes for 10 s, a no for 5 s, at most
 * {@value #MOST_REMEMBERED} of each kind; "did not say" is not, and it is neither. Each look-up is one request with a deadline of 10 s, and blocks. Thread-safe.
 */
public final class Authorizer {
    static final int MOST_REMEMBERED = 1024;
    static final Duration REMEMBER_YES = Duration.ofSeconds(10);
    static final Duration REMEMBER_NO = Duration.ofSeconds(5);
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Sender home;
    private final Optional<ClientAuthority> clients;
    private final AnswerCache<String, Authentication> users;
    private final AnswerCache<Question, Verdict> verdicts;

    private record Question(User user, NodeAccess access, String subresource) {}

    /**
     * An authorizer that asks over this sender.
     *
     * @param clients whose certificates count; empty where only tokens do
     */
    public Authorizer(Sender home, Optional<ClientAuthority> clients) {
        this(home, clients, System::nanoTime);
    }

    Authorizer(Sender home, Optional<ClientAuthority> clients, LongSupplier nanos) {
        this.home = home;
        this.clients = clients;
        this.users = new AnswerCache<>(MOST_REMEMBERED, nanos);
        this.verdicts = new AnswerCache<>(MOST_REMEMBERED, nanos);
    }

    /** Whose certificates count. */
    public Optional<ClientAuthority> clients() {
        return clients;
    }

    /**
     * Who somebody is: by their certificate where it counts, else by their token.
     *
     * @param chain what the client presented in the TLS handshake, its own certificate first; empty for nothing
     * @param token the bearer token, empty for none
     */
    public Authentication authenticate(List<X509Certificate> chain, String token) {
        var byCertificate = clients.flatMap(authority -> authority.user(chain));
        if (byCertificate.isPresent()) {
            return new Authentication.Known(byCertificate.get().authenticated());
        }
        return token.isEmpty() ? new Authentication.Anonymous() : byToken(token);
    }

    /** Whether a user may. */
    public Verdict authorize(User user, NodeAccess access) {
        Verdict verdict = new Verdict.Denied();
        for (var subresource : access.subresources()) {
            verdict = verdict(new Question(user, access, subresource));
            if (!(verdict instanceof Verdict.Denied)) {
                break;
            }
        }
        return verdict;
    }

    private Authentication byToken(String token) {
        var key = digest(token); // a token is a secret, and is not kept
        var known = users.get(key);
        if (known.isPresent()) {
            return known.get();
        }
        Authentication answer;
        try {
            answer = Reviews.user(home.send(Reviews.ofToken(token), DEADLINE));
        } catch (IOException e) {
            return new Authentication.Unknown("the home cluster did not answer a TokenReview: " + e.getMessage());
        }
        switch (answer) {
            case Authentication.Known yes -> users.put(key, yes, REMEMBER_YES);
            case Authentication.Anonymous no -> users.put(key, no, REMEMBER_NO);
            case Authentication.Unknown _ -> {}
        }
        return answer;
    }

    private Verdict verdict(Question question) {
        var known = verdicts.get(question);
        if (known.isPresent()) {
            return known.get();
        }
        Verdict answer;
        try {
            var request = Reviews.ofAccess(question.user(), question.access(), question.subresource());
            answer = Reviews.verdict(home.send(request, DEADLINE));
        } catch (IOException e) {
            return new Verdict.Unknown("the home cluster did not answer a SubjectAccessReview: " + e.getMessage());
        }
        switch (answer) {
            case Verdict.Allowed yes -> verdicts.put(question, yes, REMEMBER_YES);
            case Verdict.Denied no -> verdicts.put(question, no, REMEMBER_NO);
            case Verdict.Unknown _ -> {}
        }
        return answer;
    }

    private static String digest(String token) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
