package dev.spillway.kube.translate;

import static dev.spillway.kube.translate.ScriptedServer.NOT_FOUND;
import static dev.spillway.kube.translate.ScriptedServer.OK;
import static dev.spillway.kube.translate.ScriptedServer.assertJson;
import static dev.spillway.kube.translate.ScriptedServer.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.StorageObject;
import dev.spillway.core.model.VolumeBinding;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.WriteAnswer;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Fields and annotations: kubernetes.io/docs/reference/labels-annotations-taints, and pkg/controller/volume/persistentvolume. */
final class VolumeRequestsTest {
    private static final VolumeBinding RESERVE =
            new VolumeBinding.Reserve("pv-1", new StorageObject.ClaimRef("shop", "data", "c-1"));
    private static final VolumeBinding PROVISION = new VolumeBinding.Provision(
            new StorageObject.Id(StorageObject.Kind.CLAIM, "shop", "data"), "c-1", new NodeName("n1"));

    private static ApiResponse volume(String claimRef) {
        return ApiResponse.of(200, """
            {"metadata":{"name":"pv-1","uid":"v-1","resourceVersion":"7"},"spec":{"claimRef":%s}}\
            """.formatted(claimRef));
    }

    private static ApiResponse claim(String uid, String annotations) {
        return ApiResponse.of(200, """
            {"metadata":{"name":"data","namespace":"shop","uid":"%s","resourceVersion":"8","annotations":%s},"spec":{}}\
            """.formatted(uid, annotations));
    }

    private static WriteAnswer bind(VolumeBinding binding, ScriptedServer server) {
        return server.drive(
                ClusterRequests.write(new ClusterWrite.BindVolume(new PodUid("u-1"), binding), Instant.EPOCH));
    }

    @Test
    void aFreeVolumeIsReservedUnderTheVersionThatWasRead() {
        var server = new ScriptedServer(volume("null"), OK);

        assertThat(bind(RESERVE, server)).isEqualTo(new WriteAnswer.Done());

        assertThat(server.lines())
                .containsExactly("GET /api/v1/persistentvolumes/pv-1", "PATCH /api/v1/persistentvolumes/pv-1");
        assertJson(server.requests().getLast().body(), """
            {"metadata":{"uid":"v-1","resourceVersion":"7","annotations":{"pv.kubernetes.io/bound-by-controller":"yes"}},
             "spec":{"claimRef":{"apiVersion":"v1","kind":"PersistentVolumeClaim","namespace":"shop","name":"data","uid":"c-1"}}}\
            """);
    }

    @Test
    void aVolumeThatAUserReservedByNameGetsTheUidOnly() {
        var server = new ScriptedServer(volume("{\"namespace\":\"shop\",\"name\":\"data\"}"), OK);

        assertThat(bind(RESERVE, server)).isEqualTo(new WriteAnswer.Done());

        assertThat(server.requests().getLast().body())
                .contains("\"uid\":\"c-1\"")
                .doesNotContain("bound-by-controller");
    }

    @Test
    void whatIsReservedAlreadyIsDone() {
        var server = new ScriptedServer(volume("{\"namespace\":\"shop\",\"name\":\"data\",\"uid\":\"c-1\"}"));

        assertThat(bind(RESERVE, server)).isEqualTo(new WriteAnswer.Done());
    }

    @Test
    void anothersVolumeIsLeftAlone() {
        var server = new ScriptedServer(volume("{\"namespace\":\"shop\",\"name\":\"data\",\"uid\":\"c-0\"}"));

        assertThat(bind(RESERVE, server)).isEqualTo(new WriteAnswer.Conflict("volume pv-1 belongs to claim shop/data"));
    }

    @Test
    void aChangeInBetweenIsReadAgain() {
        var server = new ScriptedServer(
                volume("null"),
                status(409, "Conflict", "modified"),
                volume("{\"namespace\":\"x\",\"name\":\"y\",\"uid\":\"z\"}"));

        assertThat(bind(RESERVE, server)).isInstanceOf(WriteAnswer.Conflict.class);
    }

    @Test
    void theChosenNodeIsWrittenOnTheClaim() {
        var server = new ScriptedServer(claim("c-1", "{}"), OK);

        assertThat(bind(PROVISION, server)).isEqualTo(new WriteAnswer.Done());

        assertThat(server.lines())
                .containsExactly(
                        "GET /api/v1/namespaces/shop/persistentvolumeclaims/data",
                        "PATCH /api/v1/namespaces/shop/persistentvolumeclaims/data");
        assertJson(server.requests().getLast().body(), """
            {"metadata":{"uid":"c-1","resourceVersion":"8","annotations":{"volume.kubernetes.io/selected-node":"n1"}}}\
            """);
    }

    @Test
    void aNodeThatWasChosenAlreadyStays() {
        var chosen = "{\"volume.kubernetes.io/selected-node\":\"%s\"}";

        assertThat(bind(PROVISION, new ScriptedServer(claim("c-1", chosen.formatted("n1")))))
                .isEqualTo(new WriteAnswer.Done());
        assertThat(bind(PROVISION, new ScriptedServer(claim("c-1", chosen.formatted("n2")))))
                .isEqualTo(new WriteAnswer.Conflict("claim data goes to node n2"));
    }

    @Test
    void aClaimOfTheSameNameIsAnotherOne() {
        assertThat(bind(PROVISION, new ScriptedServer(claim("c-2", "{}"))))
                .isEqualTo(new WriteAnswer.Conflict("claim data was made anew"));
        assertThat(bind(PROVISION, new ScriptedServer(NOT_FOUND))).isEqualTo(new WriteAnswer.Gone());
    }
}
