package dev.spillway.trials.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.cluster.ClusterException;
import dev.spillway.trials.outside.LocalSpillway;
import dev.spillway.trials.outside.OutsideClient;
import dev.spillway.trials.outside.OverdueException;
import dev.spillway.trials.outside.StopSignal;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The demonstration from the first look at the cluster to the last object removed. Not thread-safe. */
final class Demo {
    private static final URI NOWHERE = URI.create("http://127.0.0.1:1");

    private final Stage stage;
    private final Cluster cluster;
    private final OutsideClient client;
    private final Screen screen;
    private final Exhibits plan = Exhibits.load(NOWHERE);
    private final Footprint footprint;

    /** When it ends. */
    enum Ending {
        /** After the last phase. */
        AT_ONCE,
        /** When the user has seen enough. */
        ON_CTRL_C
    }

    Demo(Stage stage, OutsideClient client, Screen screen) {
        this.stage = stage;
        this.cluster = stage.cluster();
        this.client = client;
        this.screen = screen;
        this.footprint = new Footprint(cluster, client, plan);
    }

    /** Fails where the cluster holds what the demonstration would meddle with. */
    void requireRoom() throws InterruptedException {
        screen.say("Looking whether another controller is at work on %s ..."
                .formatted(cluster.connection().server()));
        LocalSpillway.requireNoOther(cluster);
        for (JsonNode region : client.listIfKnown(OutsideClient.REGIONS)) {
            if (!Footprint.isOfDemo(region)) {
                throw new ClusterException(
                        "The cluster has a Region %s, where pods of the demo could land; delete it or use another cluster."
                                .formatted(Exhibits.name(region)));
            }
        }
        for (ObjectNode object : List.of(plan.pinned(), plan.policy(), plan.spilling())) {
            client.get(Footprint.path(object))
                    .filter(found -> !Footprint.isOfDemo(found))
                    .ifPresent(found -> {
                        throw new ClusterException(
                                "There is a %s %s in namespace %s that is not the demo's; delete it or use another cluster."
                                        .formatted(
                                                object.path("kind").asText(),
                                                Exhibits.name(object),
                                                Exhibits.NAMESPACE));
                    });
        }
    }

    /** What it will write, for whoever is asked. */
    List<String> announcement() {
        var nodes = plan.zonesByRegion().values().stream().mapToInt(List::size).sum();
        return List.of(
                "The demo writes this to the cluster, and removes all of it at the end:",
                "  Regions %s, simulated by this process, and a Node for each of their %d zones"
                        .formatted(String.join(", ", plan.zonesByRegion().keySet()), nodes),
                "  in namespace %s the objects of examples/: Deployments %s and %s, ResourcePolicy %s"
                        .formatted(
                                Exhibits.NAMESPACE,
                                Exhibits.name(plan.pinned()),
                                Exhibits.name(plan.spilling()),
                                Exhibits.name(plan.policy())),
                "  where they are missing: the CRDs, the admission policy spillway-scheduler-name, and namespace"
                        + " spillway-system for the Lease");
    }

    /** Tells the story and leaves a cluster of the user's as it was; whether all was as expected. */
    boolean show(Ending ending, StopSignal signal) throws InterruptedException {
        boolean told = false;
        try {
            if (!stage.isOwn()) {
                footprint.removeObjects(Footprint.Help.NONE); // of a demo that was killed
            }
            footprint.install();
            told = tell(ending, signal);
        } catch (InterruptedException e) {
            if (!signal.isStopping()) {
                throw e;
            }
        } finally {
            if (!stage.isOwn()) {
                removeInstallation();
            }
        }
        return screen.sum() && told;
    }

    @SuppressWarnings("try") // the watches only have to be open
    private boolean tell(Ending ending, StopSignal signal) throws InterruptedException {
        try (var spillway = LocalSpillway.start(cluster, stage.kubeconfig(), BindsFirst.ifAsked());
                var pace = Pace.of(spillway.clock(), stage.speed())) {
            var exhibits = Exhibits.load(spillway.regionsEndpoint());
            var story = new Story(exhibits, client, screen);
            try (var changes = client.watch(Exhibits.NAMESPACE);
                    var pods = client.watchPods(Exhibits.NAMESPACE, new Journalist(exhibits, story.journal()))) {
                story.tell();
                screen.say("");
                screen.say(PlacementTable.lines(rows(story.journal())));
                screen.say("");
                if (ending == Ending.ON_CTRL_C) {
                    screen.say(new ThingsToTry(stage, exhibits).lines());
                    signal.await();
                    screen.say(
                            stage.isOwn()
                                    ? "Stopping; the cluster goes with it."
                                    : "Removing what the demo made (if that is cut short, 'spillway demo --clean' does"
                                            + " it later) ...");
                }
                return true;
            } finally {
                Thread.interrupted(); // tidying up is not cut short by the Ctrl-C that asked for it
                if (!stage.isOwn() || ending == Ending.AT_ONCE) {
                    tidy();
                }
            }
        }
    }

    private void tidy() throws InterruptedException {
        long start = System.nanoTime();
        String what = "everything is removed again";
        try {
            footprint.removeObjects(Footprint.Help.CONTROLLER);
            screen.ok(what, Duration.ofNanos(System.nanoTime() - start));
        } catch (OverdueException e) {
            screen.failed(what, e.getMessage() + "; run 'spillway demo --clean'");
        }
    }

    private void removeInstallation() throws InterruptedException {
        try {
            footprint.removeInstallation();
        } catch (OverdueException e) {
            screen.failed("what was installed is removed again", e.getMessage() + "; run 'spillway demo --clean'");
        }
    }

    /** Removes what earlier demos left behind; whether nothing is left. */
    boolean clean() throws InterruptedException {
        screen.say("Looking for what demos left on %s ..."
                .formatted(cluster.connection().server()));
        try {
            footprint.removeObjects(
                    LocalSpillway.holder(cluster).isPresent() ? Footprint.Help.CONTROLLER : Footprint.Help.NONE);
            footprint.removeInstallation();
        } catch (OverdueException e) {
            screen.failed("clean", String.valueOf(e.getMessage()));
            return false;
        }
        screen.say("Nothing of the demo is left.");
        return true;
    }

    /** Hands pods of the two applications to the journal. */
    private record Journalist(Exhibits exhibits, PodJournal journal) implements OutsideClient.Onlooker<Pod> {
        @Override
        public void seen(Pod pod) {
            if (isOfDemo(pod)) {
                journal.seen(pod);
            }
        }

        @Override
        public void gone(Pod pod) {
            if (isOfDemo(pod)) {
                journal.gone(pod);
            }
        }

        private boolean isOfDemo(Pod pod) {
            var labels = Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.<String, String>of());
            return List.of(exhibits.pinned(), exhibits.spilling()).stream()
                    .anyMatch(deployment -> labels.entrySet()
                            .containsAll(Exhibits.podsOf(deployment).entrySet()));
        }
    }

    private List<PlacementTable.Row> rows(PodJournal journal) {
        var scheduled = new HashMap<String, String>();
        for (JsonNode event : client.list(OutsideClient.core(Exhibits.NAMESPACE, "events"))) {
            if (event.path("reason").asText().equals("Scheduled")) {
                scheduled.put(
                        event.path("involvedObject").path("uid").asText(),
                        event.path("message").asText());
            }
        }
        return PlacementTable.rows(journal, scheduled);
    }
}
