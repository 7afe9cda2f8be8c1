package dev.spillway.kubelet.certificate;

import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kubelet.certificate.SigningRequests.State;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a server in signed certificates: asks the home cluster's signer {@code kubernetes.io/kubelet-serving}, waits until somebody has approved, and asks
 * anew, with another key, when 70 to 90 % of the certificate's life are over. Keys are in memory alone. Driven by {@link #step}; not thread-safe.
 */
public final class ServingCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(ServingCertificate.class);
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration NEXT_LOOK = Duration.ofSeconds(10);
    private static final Duration NEXT_TRY = Duration.ofMinutes(1);
    private static final Duration AFTER_REFUSAL = Duration.ofMinutes(15);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1); // clocks are set

    private final Sender home;
    private final ServingName name;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Consumer<KeyAndChain> serve;
    private Now now = new Now.Needed();

    private sealed interface Now {
        record Needed() implements Now {}

        record Asked(String request, KeyPair key) implements Now {}

        record Served(Instant renewal) implements Now {}
    }

    /**
     * Nothing is asked for yet.
     *
     * @param clock wall time, by which certificates are valid
     * @param random spreads renewals, so that many clusters' do not come at once
     * @param serve takes each signed certificate
     */
    public ServingCertificate(
            Sender home, ServingName name, InstantSource clock, RandomGenerator random, Consumer<KeyAndChain> serve) {
        this.home = home;
        this.name = name;
        this.clock = clock;
        this.random = random;
        this.serve = serve;
    }

    /** Does what is to be done now, at most one request; blocks for it. Answers how long there is nothing to do. */
    public Duration step() {
        return switch (now) {
            case Now.Needed _ -> ask();
            case Now.Asked asked -> look(asked);
            case Now.Served served -> {
                var left = Duration.between(clock.instant(), served.renewal());
                if (left.isPositive()) {
                    yield left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT;
                }
                now = new Now.Needed();
                yield ask();
            }
        };
    }

    private Duration ask() {
        var key = Signatures.newKey();
        var state = send(SigningRequests.create(name, key));
        if (state instanceof State.Pending pending) {
            LOG.atInfo()
                    .addKeyValue("request", pending.name())
                    .log("a serving certificate is asked for; somebody has to approve it: kubectl certificate approve "
                            + pending.name());
        }
        return after(state, key);
    }

    private Duration look(Now.Asked asked) {
        return after(send(SigningRequests.read(asked.request())), asked.key());
    }

    private Duration after(State state, KeyPair key) {
        return switch (state) {
            case State.Pending pending -> {
                now = new Now.Asked(pending.name(), key);
                yield NEXT_LOOK;
            }
            case State.Signed signed
            when signed.chain().getFirst().getPublicKey().equals(key.getPublic()) ->
                served(new KeyAndChain(key.getPrivate(), signed.chain()));
            case State.Signed _ -> refused("what was signed is for another key");
            case State.Refused refused -> refused(refused.why());
            case State.Unknown unknown -> {
                LOG.atWarn().addKeyValue("why", unknown.why()).log("a serving certificate cannot be asked for");
                yield NEXT_TRY;
            }
        };
    }

    private Duration served(KeyAndChain identity) {
        serve.accept(identity);
        var from = identity.certificate().getNotBefore().toInstant();
        var life = Duration.between(from, identity.certificate().getNotAfter().toInstant());
        var renewal = from.plusSeconds((long) (life.toSeconds() * (0.7 + 0.2 * random.nextDouble())));
        LOG.atInfo().addKeyValue("renewal", renewal).log("a signed serving certificate is served");
        now = new Now.Served(renewal);
        return NEXT_LOOK;
    }

    private Duration refused(String why) {
        LOG.atWarn().addKeyValue("why", why).log("a serving certificate is not signed");
        now = new Now.Needed();
        return AFTER_REFUSAL;
    }

    private State send(ApiRequest request) {
        try {
            return SigningRequests.state(home.send(request, DEADLINE));
        } catch (IOException e) {
            return new State.Unknown(String.valueOf(e.getMessage()));
        }
    }
}
