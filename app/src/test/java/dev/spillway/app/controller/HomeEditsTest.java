package dev.spillway.app.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.kube.translate.Decoder;
import dev.spillway.kube.translate.Kind;
import dev.spillway.regions.running.RunningPods;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.StreamRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HomeEditsTest {
    private final List<String> told = new ArrayList<>();
    private boolean isOpen = true;
    private final HomeEdits edits = new HomeEdits(region -> isOpen ? new Told(region) : RunningPods.NONE);

    private final class Told implements RunningPods {
        private final RegionId region;

        Told(RegionId region) {
            this.region = region;
        }

        @Override
        public void edited(InstanceId instance, long number) {
            told.add("%s %s %d".formatted(region, instance, number));
        }

        @Override
        public Optional<String> status(InstanceId instance) {
            return Optional.empty();
        }

        @Override
        public StreamAnswer open(InstanceId instance, PodUid pod, StreamRequest request) {
            return new StreamAnswer.Refused(501, "");
        }
    }

    private void seen(String name, String node, String instance, long number) throws IOException {
        edits.podSeen(Decoder.pod("""
            {"metadata": {"namespace": "ns", "name": "%s", "uid": "uid-%s", "creationTimestamp": "2026-03-01T09:00:00Z",
                          "labels": {"topology.kubernetes.io/region": "region-a"},
                          "annotations": {"alibabacloud.com/instance-id": "%s"}},
             "spec": {"nodeName": "%s", "containers": [{"name": "main", "image": "x"}]},
             "status": {"phase": "Running"}}
            """.formatted(name, name, instance, node)), number);
    }

    @Test
    void aRegionIsToldOfAPodOnceForEachEdit() throws IOException {
        seen("a", "vn-a", "i-1", 1);
        seen("a", "vn-a", "i-1", 1); // a status
        seen("a", "vn-a", "i-1", 2);

        assertThat(told).containsExactly("region-a i-1 1", "region-a i-1 2");
    }

    @Test
    void podsThatRunInNoRegionAreNobodysBusiness() throws IOException {
        seen("waits", "", "", 1);
        seen("at-home", "node-1", "", 1);

        assertThat(told).isEmpty();
    }

    @Test
    void aRegionThatIsReachedLaterIsToldThen() throws IOException {
        isOpen = false;
        seen("a", "vn-a", "i-1", 1);
        seen("gone", "vn-a", "i-2", 1);
        edits.gone(Kind.PODS, "ns", "gone");
        isOpen = true;

        edits.opened(new RegionId("region-b"));
        assertThat(told).isEmpty();
        edits.opened(new RegionId("region-a"));
        assertThat(told).containsExactly("region-a i-1 1");
    }
}
