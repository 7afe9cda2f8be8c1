package dev.spillway.clusterregion.surroundings;

import static dev.spillway.clusterregion.surroundings.CopiesObjects.homePod;
import static dev.spillway.clusterregion.surroundings.CopiesObjects.object;
import static dev.spillway.clusterregion.surroundings.CopiesObjects.references;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.mapping.AccountTokens;
import dev.spillway.clusterregion.mapping.Naming;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.clusterregion.mapping.References;
import dev.spillway.clusterregion.mapping.References.Kind;
import dev.spillway.clusterregion.mapping.References.Reference;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.regions.conformance.RequestBuilder;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nobody needs any more goes, whatever cannot be read, written or renewed of other pods; and nothing goes that somebody has come to need. */
class SweepTest {
    private static final String NAMESPACE = CopiesObjects.NAMESPACE;
    private static final String AT_HOME = "/api/v1/namespaces/default/";
    private static final String IN_REGION = "/api/v1/namespaces/" + NAMESPACE + "/";
    private static final Reference A = new Reference(Kind.SECRET, "a");
    private static final Reference B = new Reference(Kind.SECRET, "b");
    private static final CopyTimes AT_ONCE = new CopyTimes(Duration.ZERO, Duration.ZERO, Duration.ZERO);
    private static final AccountTokens TOKENS =
            new AccountTokens("default", List.of(new AccountTokens.Source("", 3607)));

    private static final AcquireAnswer MADE = new AcquireAnswer.Unknown("made");

    private final ObjectsPlay home = new ObjectsPlay(() -> ObjectsPlay.Fate.ARRIVES, (request, path, there) -> {});
    private final ObjectsPlay region = new ObjectsPlay(() -> ObjectsPlay.Fate.ARRIVES, (request, path, there) -> {});
    private Sender homeSender = this::atHome;
    private Sender regionSender = region;
    private final Copies copies = new Copies(CopiesObjects.CLUSTER, AT_ONCE);
    private final HomeTokens tokens = new HomeTokens(CopiesObjects.CLUSTER, InstantSource.system(), AT_ONCE.unneeded());

    @BeforeEach
    void setUp() {
        home.put(AT_HOME + A, object(A, "1", "Opaque"));
        home.put(AT_HOME + B, object(B, "1", "Opaque"));
    }

    /** It is forbidden for ever, as where a role leaves out its namespace. */
    @Test
    void aHomePodThatCannotBeReadKeepsNoSecretOfAnotherPods() {
        made("p-1", A);
        homeSender = forbidding(this::atHome, "/pods/p-2");

        assertThat(tend(holder("p-2", B))).isNotNull();

        assertThat(region.get(IN_REGION + A)).isNull();
    }

    @Test
    void aListThatIsForbiddenKeepsNothingThatIsKnown() {
        made("p-1", A);
        regionSender = forbidding(region, "/api/v1/configmaps?");

        assertThat(tend()).startsWith("the copies in the region could not be listed: ");

        assertThat(region.get(IN_REGION + A)).isNull();
    }

    @Test
    void tokensThatCannotBeRenewedKeepNoneOfAPodThatIsGone() {
        var first = madeWithTokens("p-1");
        homeSender = forbidding(this::atHome, "/pods/p-2");

        assertThat(tendTokens(holder("p-2"))).isEqualTo("tokens of pod default/p-2 could not be renewed");

        assertThat(region.get(first)).isNull();
    }

    /** The same pod is asked for again before the next round. */
    @Test
    void whatMayHaveBeenDeletedIsMadeAnew() {
        var trusting =
                new Copies(CopiesObjects.CLUSTER, new CopyTimes(Duration.ZERO, Duration.ofMinutes(1), Duration.ZERO));
        var need = new Copies.Need("default", NAMESPACE, references(Set.of(A)));
        Supplier<String> copied =
                () -> trusting.with(calls(this::atHome), calls(region), need, () -> "made", Object::toString);
        assertThat(copied.get()).isEqualTo("made");
        var ofTokens = madeWithTokens("p-1");
        regionSender = this::losingDeletions;

        assertThat(trusting.sweep(calls(region()), List.of())).isNotNull();
        assertThat(tokens.sweep(calls(region()), List.of())).isNotNull();
        assertThat(region.all()).isEmpty();

        assertThat(copied.get()).isEqualTo("made");
        assertThat(region.get(IN_REGION + A)).isNotNull();
        assertThat(madeWithTokens("p-1")).isEqualTo(ofTokens);
    }

    /** They are carried out, and nobody hears of it. */
    private ApiResponse losingDeletions(ApiRequest request, Duration deadline) throws IOException {
        var answer = region.send(request, deadline);
        if (request.method().equals("DELETE")) {
            throw new SocketTimeoutException("no answer in time");
        }
        return answer;
    }

    /** It is the label that says whose an object is, and not a server that was asked for those with the label. */
    @Test
    void whatAListHasThatIsNotOursStays() {
        region.put(IN_REGION + A, CopiesObjects.Stranger.NOBODYS.object(A));
        regionSender = (request, deadline) -> region.send(
                new ApiRequest(
                        request.method(),
                        request.path().replace("labelSelector=spillway.dev%2Fcluster%3Dcluster-1", "labelSelector=app"),
                        request.contentType(),
                        request.body()),
                deadline);

        assertThat(tend()).isNull();
        assertThat(tend()).isNull();

        assertThat(region.get(IN_REGION + A)).isNotNull();
    }

    /** Copies are deleted in the order of their names: between a and b a pod comes that names b. */
    @Test
    void whatAPodComesToNeedMeanwhileStays() {
        made("p-1", A, B);
        var isComing = new CountDownLatch(1);
        var maySeeToIt = new CountDownLatch(1);
        regionSender = (request, deadline) -> {
            if (request.method().equals("DELETE") && request.path().endsWith("/a")) {
                Thread.ofVirtual()
                        .start(() -> with(references(Set.of(B)), () -> {
                            isComing.countDown();
                            await(maySeeToIt);
                            return "made";
                        }));
                await(isComing);
                regionSender = region;
            }
            return region.send(request, deadline);
        };

        tend();
        maySeeToIt.countDown();

        assertThat(region.get(IN_REGION + A)).isNull();
        assertThat(region.get(IN_REGION + B)).isNotNull();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void made(String pod, Reference... named) {
        home.put(AT_HOME + "pods/" + pod, homePod(pod, Set.of(named)));
        assertThat(with(references(Set.of(named)), () -> "made")).isEqualTo("made");
        assertThat(region.get(IN_REGION + named[0])).isNotNull();
    }

    private String with(References references, Supplier<String> make) {
        var need = new Copies.Need("default", NAMESPACE, references);
        return copies.with(calls(this::atHome), calls(region), need, make, Object::toString);
    }

    /** Where its Secret is. */
    private String madeWithTokens(String pod) {
        home.put(AT_HOME + "pods/" + pod, homePod(pod, Set.of()));
        var need = new HomeTokens.Need(
                holder(pod).tags(), TOKENS, NAMESPACE, holder(pod).pod().name());
        assertThat(tokens.with(calls(this::atHome), calls(region), need, () -> MADE))
                .isEqualTo(MADE);
        var path = IN_REGION + "secrets/" + Naming.tokens(need.pod());
        assertThat(region.get(path)).isNotNull();
        return path;
    }

    private @Nullable String tend(Copies.Holder... holders) {
        var swept = copies.sweep(calls(region()), List.of(holders));
        var tended = copies.tend(calls(homeSender), calls(region()), List.of(holders));
        return swept != null ? swept : tended;
    }

    private @Nullable String tendTokens(Copies.Holder holder) {
        var holders = List.of(new HomeTokens.Holder(holder.pod(), holder.tags()));
        var swept = tokens.sweep(calls(region()), holders);
        var tended = tokens.tend(calls(homeSender), calls(region()), holders);
        return swept != null ? swept : tended;
    }

    private static Copies.Holder holder(String pod, Reference... named) {
        var tags = RequestBuilder.requestFor(pod).build().tags();
        return new Copies.Holder(
                new PodId(NAMESPACE, pod + "-0123456789", "r-" + pod), tags, references(Set.of(named)));
    }

    private ApiResponse atHome(ApiRequest request, Duration deadline) throws IOException {
        return request.path().endsWith("/token")
                ? ApiResponse.of(
                        201,
                        ObjectsPlay.object(request.body())
                                .set("status", ObjectsPlay.object("{\"token\": \"t\"}"))
                                .toString())
                : home.send(request, deadline);
    }

    private static Sender forbidding(Sender sender, String part) {
        return (request, deadline) ->
                request.path().contains(part) ? ApiResponse.of(403, """
                    {"kind": "Status", "code": 403, "reason": "Forbidden", "message": "it is forbidden: User \"x\" cannot"}
                    """) : sender.send(request, deadline);
    }

    /** The one that is there when a request is sent. */
    private Sender region() {
        return (request, deadline) -> regionSender.send(request, deadline);
    }

    private static Calls calls(Sender sender) {
        return new Calls(sender, Deadline.in(Duration.ofMinutes(1)));
    }
}
