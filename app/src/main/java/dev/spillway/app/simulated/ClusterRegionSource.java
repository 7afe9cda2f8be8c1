package dev.spillway.app.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.core.model.RegionId;
import dev.spillway.kube.feed.Feed;
import dev.spillway.kube.feed.FeedSettings;
import dev.spillway.kube.feed.ObjectListener;
import dev.spillway.kube.translate.Kind;
import dev.spillway.regions.simulated.RegionSource;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The Region objects of a cluster, as what simulated regions are to be. Reports a Region when its spec changed, not its status. */
final class ClusterRegionSource implements RegionSource {
    private final Cluster cluster;
    private final Map<String, JsonNode> specByRegion = new HashMap<>(); // of the feed's thread alone
    private @Nullable Feed feed; // set once, by start

    ClusterRegionSource(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void start(Listener listener) {
        var started = new Feed(
                cluster.client(), EnumSet.of(Kind.REGIONS), FeedSettings.DEFAULT, event -> {}, new ObjectListener() {
                    @Override
                    public void seen(Kind kind, JsonNode object) {
                        var name = object.path("metadata").path("name").asText();
                        var spec = object.path("spec");
                        if (!spec.equals(specByRegion.put(name, spec))) {
                            listener.declared(new RegionId(name), spec);
                        }
                    }

                    @Override
                    public void gone(Kind kind, String namespace, String name) {
                        specByRegion.remove(name);
                        listener.removed(new RegionId(name));
                    }
                });
        feed = started;
        started.start();
    }

    /** Waits until the present objects were reported; false where that takes longer. */
    boolean awaitFirst(Duration most) throws InterruptedException {
        var started = feed;
        return started != null && started.awaitListed(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        var started = feed;
        if (started != null) {
            started.close();
        }
    }
}
