package dev.spillway.clusterregion;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.clusterregion.mapping.References;
import dev.spillway.clusterregion.surroundings.Copies;
import dev.spillway.clusterregion.surroundings.CopyTimes;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.Tags;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.kube.translate.Decoder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever rules the region may write any pod there; what is copied from home is what the home pod names, and no more. */
class ForgedPodsTest {
    private static final String SECRET = "/api/v1/namespaces/default/secrets/keys";
    private static final String COPY = "/api/v1/namespaces/cluster-1-default/secrets/keys";
    private static final String POD = "/api/v1/namespaces/default/pods/a";
    private static final PodId PRETENDER = new PodId("cluster-1-default", "a-0000000000", "uid-there");

    private final HomePlay home = new HomePlay();
    private final List<String> readAtHome = new CopyOnWriteArrayList<>();
    private final Map<String, ObjectNode> there = new ConcurrentHashMap<>();
    private final Copies copies =
            new Copies("cluster-1", new CopyTimes(Duration.ZERO, Duration.ofHours(1), Duration.ZERO));

    /** Ways in which the home pod does not bear out what the pod in the region claims. */
    static Stream<Named<Consumer<ObjectNode>>> forgeries() {
        return Stream.of(
                forgery(
                        "runs as another",
                        annotate("alibabacloud.com/instance-id", "cluster-1-default/a-0000000000/uid-b")),
                forgery("runs in another region", annotate("topology.kubernetes.io/region", "region-b")),
                forgery("runs on another node", pod -> pod.withObject("/spec").put("nodeName", "node-7")),
                forgery("is not bound", pod -> {
                    pod.withObject("/spec").remove("nodeName");
                    pod.withObject("/metadata").remove("annotations");
                }),
                forgery(
                        "is another one of the name",
                        pod -> pod.withObject("/metadata").put("uid", "uid-later")),
                forgery("does not name it", pod -> ((ObjectNode) pod.at("/spec/containers/0")).remove("envFrom")),
                forgery(
                        "names a ConfigMap of the name",
                        pod -> ((ObjectNode) pod.at("/spec/containers/0"))
                                .putArray("envFrom")
                                .addObject()
                                .putObject("configMapRef")
                                .put("name", "keys")));
    }

    private static Named<Consumer<ObjectNode>> forgery(String homePod, Consumer<ObjectNode> change) {
        return Named.of("the home pod " + homePod, change);
    }

    private static Consumer<ObjectNode> annotate(String key, String value) {
        return pod -> pod.withObject("/metadata/annotations").put(key, value);
    }

    @BeforeEach
    void setUp() {
        home.put(SECRET, HomePlay.object("""
            {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "keys", "namespace": "default", "uid": "u", "resourceVersion": "9"},
             "data": {"key": "c2VzYW1l"}}
            """));
        home.runs("a", new InstanceId("cluster-1-default/a-0000000000/uid-there"));
        home.change("a", ForgedPodsTest::nameSecret);
    }

    private static void nameSecret(ObjectNode pod) {
        ((ObjectNode) pod.at("/spec/containers/0"))
                .putArray("envFrom")
                .addObject()
                .putObject("secretRef")
                .put("name", "keys");
    }

    @Test
    void whatTheHomePodNamesIsCopied() {
        assertThat(tend()).isNull();

        assertThat(there.get(COPY)).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void aForgedPodGetsNothing(Consumer<ObjectNode> forgery) {
        home.change("a", forgery);

        assertThat(tend()).isNull();

        assertThat(there).isEmpty();
        assertThat(readAtHome).as("it is not even read").doesNotContain(SECRET);
    }

    @Test
    void norDoesOneWhoseHomePodIsGone() {
        home.remove(POD);

        assertThat(tend()).isNull();

        assertThat(there).isEmpty();
    }

    @Test
    void aHomePodIsReadOnceAndAgainWhenItWasEdited() {
        tend();
        tend();
        copies.edited(PRETENDER.instance(), Decoder.edits(home.get("a")));
        tend();
        assertThat(readAtHome.stream().filter(POD::equals)).hasSize(1);

        home.change("a", pod -> ((ObjectNode) pod.at("/spec/containers/0")).remove("envFrom"));
        home.change("a", pod -> pod.withObject("/metadata/labels").put("app", "edited"));
        copies.edited(PRETENDER.instance(), Decoder.edits(home.get("a")));
        tend();

        assertThat(readAtHome.stream().filter(POD::equals)).hasSize(2);
    }

    /** The home pod is bound after its pod in the region was seen. */
    @Test
    void aPodThatWasNotBoundYetIsReadAgainOnceItIs() {
        home.change("a", pod -> pod.withObject("/spec").remove("nodeName"));
        tend();
        tend();
        assertThat(readAtHome.stream().filter(POD::equals)).hasSize(1);
        home.change("a", pod -> pod.withObject("/spec").put("nodeName", "virtual-kubelet-region-a-1"));

        copies.edited(PRETENDER.instance(), Decoder.edits(home.get("a")));
        tend();

        assertThat(there).containsKey(COPY);
    }

    @Test
    void aCopyThatAPodThereStillNamesStaysButIsNotRefreshed() {
        tend();
        home.remove(POD);
        copies.ending(PRETENDER.instance());
        home.put(SECRET, HomePlay.object("""
            {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "keys", "namespace": "default", "uid": "u", "resourceVersion": "10"},
             "data": {"key": "bmV3ZXI="}}
            """));

        tend();

        assertThat(Objects.requireNonNull(there.get(COPY)).at("/data/key").asText())
                .isEqualTo("c2VzYW1l");
    }

    @Test
    void whileTheHomeClusterIsSilentNothingIsGivenAndNothingTaken() {
        tend();
        copies.ending(PRETENDER.instance());
        home.silence(true);

        assertThat(tend()).isEqualTo("a pod at home could not be read, so what it names is not kept up to date");
        home.silence(false);
        tend();

        assertThat(there).containsKey(COPY);
    }

    private @Nullable String tend() {
        var offer =
                new Offer(new RegionId("region-a"), new ZoneId("region-a-1"), "general-purpose", "default", "", false);
        var tags = new Tags("cluster-1", new PodUid("uid-a"), new PodKey("default", "a"), offer, "", 0, 0, 0);
        var claimed = HomePlay.pod("a");
        nameSecret(claimed);
        var holder = new Copies.Holder(PRETENDER, tags, References.of(claimed));
        return copies.tend(calls(this::atHome), calls(this::inRegion), List.of(holder));
    }

    private static Calls calls(Sender sender) {
        return new Calls(sender, Deadline.in(Duration.ofSeconds(10)));
    }

    private ApiResponse atHome(ApiRequest request, Duration deadline) throws IOException {
        readAtHome.add(request.path());
        return home.send(request, deadline);
    }

    private ApiResponse inRegion(ApiRequest request, Duration deadline) {
        var path = request.path().replaceAll("\\?.*", "");
        return switch (request.method()) {
            case "GET" -> get(path);
            case "DELETE" -> {
                there.remove(path);
                yield ApiResponse.of(200, "{\"kind\": \"Status\"}");
            }
            default -> {
                var object = HomePlay.object(request.body());
                object.withObject("/metadata").put("uid", "copy").put("resourceVersion", "1");
                var name = object.at("/metadata/name").asText();
                there.put(path.endsWith("/" + name) ? path : path + "/" + name, object);
                yield ApiResponse.of(201, object.toString());
            }
        };
    }

    private ApiResponse get(String path) {
        if (!path.startsWith("/api/v1/namespaces/")) {
            var kind = path.endsWith("secrets") ? "SecretList" : "ConfigMapList";
            return ApiResponse.of(200, "{\"kind\": \"%s\", \"metadata\": {}, \"items\": []}".formatted(kind));
        }
        var object = there.get(path);
        return object == null
                ? ApiResponse.of(
                        404, "{\"kind\": \"Status\", \"code\": 404, \"reason\": \"NotFound\", \"message\": \"no\"}")
                : ApiResponse.of(200, object.toString());
    }
}
