package dev.spillway.clusterregion;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.kube.http.Sender;
import dev.spillway.regions.conformance.Await;
import dev.spillway.regions.conformance.RegionFixture.Disturbance;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is wrong with a region, or there, is one clear line for the pod that waits and leaves the region's other pods alone. The rows stand in
 * docs/troubleshooting.md.
 */
class BadRegionsTest {
    private static final String ZONE = "region-a-1";
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final ClusterRegionFixture region = new ClusterRegionFixture();
    private final List<Instance> reports = new CopyOnWriteArrayList<>();

    @BeforeEach
    void setUp() {
        region.stock(ZONE, 5);
    }

    @AfterEach
    void close() {
        region.close();
    }

    /** What is wrong, which refusal that is, and how its line begins. */
    record Row(Consumer<ClusterRegionFixture> fault, Class<? extends Refusal> kind, String line) {}

    static Stream<Named<Row>> rows() {
        return Stream.of(
                row(
                        "credentials refused",
                        region -> region.disturb(Disturbance.UNAUTHORISED),
                        Refusal.Unauthorised.class,
                        "the region's API server does not accept the credentials"),
                row(
                        "a namespace that may not be made",
                        region -> region.script(call -> isNamespace(call)
                                ? forbidden(
                                        "namespaces is forbidden: User 'x' cannot create resource 'namespaces' at the cluster scope")
                                : call.path().endsWith("/namespaces/cluster-1-default") ? gone("namespaces") : null),
                        Refusal.Invalid.class,
                        "the region does not grant create on namespaces (grant it, or make cluster-1-default and label it"
                                + " spillway.dev/cluster=cluster-1): namespaces is forbidden"),
                row(
                        "a quota that is exceeded",
                        region -> region.script(call -> isCreation(call)
                                ? forbidden(
                                        "pods 'a' is forbidden: exceeded quota: gpus, requested: pods=1, used: pods=4, limited: pods=4")
                                : null),
                        Refusal.Invalid.class,
                        "pods 'a' is forbidden: exceeded quota: gpus"),
                row(
                        "admission that refuses the pod",
                        region -> region.script(call -> isCreation(call)
                                ? Gateway.Answer.status(
                                        422,
                                        "Invalid",
                                        "pods 'a' is forbidden: ValidatingAdmissionPolicy 'no-latest' with binding 'b' denied request: no tags")
                                : null),
                        Refusal.Invalid.class,
                        "pods 'a' is forbidden: ValidatingAdmissionPolicy 'no-latest'"),
                row(
                        "a kind of volume that is not served",
                        region -> region.home.change(
                                "a",
                                pod -> pod.withObject("/spec")
                                        .putArray("volumes")
                                        .addObject()
                                        .put("name", "v")
                                        .putObject("nfs")
                                        .put("server", "10.0.0.1")),
                        Refusal.Invalid.class,
                        "spec.volumes[0].nfs: such a volume stays in this cluster; use one of "));
    }

    private static Named<Row> row(
            String name, Consumer<ClusterRegionFixture> fault, Class<? extends Refusal> kind, String line) {
        return Named.of(name, new Row(fault, kind, line));
    }

    private static Gateway.Answer forbidden(String message) {
        return Gateway.Answer.status(403, "Forbidden", message);
    }

    private static Gateway.Answer gone(String what) {
        return Gateway.Answer.status(404, "NotFound", what + " not found");
    }

    private static boolean isNamespace(Gateway.Call call) {
        return call.method().equals("POST") && call.path().endsWith("/namespaces");
    }

    private static boolean isCreation(Gateway.Call call) {
        return call.method().equals("POST") && call.path().contains("/pods?");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isOneLineAndOtherPodsAreUndisturbed(Row row) {
        var before = running(region.openHasty(DEADLINE), "other");
        var backend = region.openHasty(DEADLINE);
        row.fault.accept(region);

        var answer = backend.acquire(requestFor("a").build());

        assertThat(answer)
                .isInstanceOfSatisfying(
                        AcquireAnswer.Refused.class,
                        refused -> assertThat(refused.refusal())
                                .isInstanceOf(row.kind)
                                .satisfies(refusal -> assertThat(refusal.message())
                                        .startsWith(row.line)
                                        .doesNotContain("\n")));
        region.script(call -> null);
        assertThat(region.play.pods()).hasSize(1);
        assertThat(backend.describe(before.id())).isInstanceOf(FindAnswer.Found.class);
        running(backend, "later");
    }

    @Test
    void aRegionThatIsNotReachedIsUnavailableAndSaysSo() {
        var backend = region.openHasty(DEADLINE);
        List<String> troubles = new CopyOnWriteArrayList<>();
        backend.watch(reports::add, troubles::add);
        region.disturb(Disturbance.UNREACHABLE);

        var answer = backend.acquire(requestFor("a").build());

        assertThat(answer)
                .isInstanceOfSatisfying(
                        AcquireAnswer.Refused.class,
                        refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.Unavailable.class));
        Await.until("a word for the Region's status", () -> !troubles.isEmpty());
    }

    /** A kubelet tries without, and its event comes home. */
    @Test
    void anImagePullSecretThatIsMissingAtHomeIsLeftToTheKubelet() {
        region.script(new SecretsPlay());
        region.home.change(
                "a",
                pod -> pod.withObject("/spec")
                        .putArray("imagePullSecrets")
                        .addObject()
                        .put("name", "registry"));

        running(region.openHasty(DEADLINE), "a");
    }

    /** The exceptions are those of the JDK's own client. */
    static Stream<Arguments> certificates() {
        return Stream.of(
                certificate(
                        "the certificate-authority of the kubeconfig has not signed its certificate",
                        new CertificateException(
                                "PKIX path building failed",
                                new CertPathBuilderException(
                                        "unable to find valid certification path to requested target"))),
                certificate(
                        "its certificate is not for the server that the kubeconfig names (No name matching region.example found)",
                        new CertificateException("No name matching region.example found")),
                certificate(
                        "its certificate has ended or has not begun (NotAfter: Sat Jan 03 12:00:00 UTC 2026)",
                        new CertificateException(
                                "PKIX path validation failed",
                                new CertificateExpiredException("NotAfter: Sat Jan 03 12:00:00 UTC 2026"))));
    }

    private static Arguments certificate(String line, CertificateException why) {
        return Arguments.of(line, why);
    }

    @ParameterizedTest
    @MethodSource("certificates")
    void aCertificateThatIsNotTakenIsSaidInWordsAndNothingWasSent(String line, CertificateException why) {
        Sender sender = (request, deadline) -> {
            throw (SSLHandshakeException) new SSLHandshakeException(why.getMessage()).initCause(why);
        };
        var reply = new Calls(sender, Deadline.in(DEADLINE)).get("/api");

        assertThat(reply).isEqualTo(new Reply.Silent(line, true));
    }

    private static Instance running(ClusterRegionBackend backend, String pod) {
        var answer = backend.acquire(requestFor(pod).build());
        assertThat(answer).isInstanceOf(AcquireAnswer.Accepted.class);
        return ((AcquireAnswer.Accepted) answer).instance();
    }
}
