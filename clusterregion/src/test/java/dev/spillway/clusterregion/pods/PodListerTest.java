package dev.spillway.clusterregion.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.kube.translate.ApiResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodListerTest {
    private static final String FIRST =
            "{\"kind\": \"PodList\", \"metadata\": {\"resourceVersion\": \"5\", \"continue\": \"a b\"}, \"items\": [{\"a\": 1}]}";
    private static final String LAST =
            "{\"kind\": \"PodList\", \"metadata\": {\"resourceVersion\": \"5\"}, \"items\": [{\"a\": 2}]}";

    private final List<String> paths = new ArrayList<>();

    @Test
    void pagesMakeOneList() {
        var listing = list(ApiResponse.of(200, FIRST), ApiResponse.of(200, LAST));

        assertThat(listing).isInstanceOfSatisfying(PodLister.Listing.Complete.class, complete -> {
            assertThat(complete.pods()).hasSize(2);
            assertThat(complete.version()).isEqualTo(5);
        });
        assertThat(paths)
                .containsExactly(
                        "/api/v1/pods?labelSelector=x%3Dy&limit=500",
                        "/api/v1/pods?labelSelector=x%3Dy&limit=500&continue=a%20b");
    }

    @Test
    void aPageThatFailsMakesNone() {
        var expired = "{\"kind\": \"Status\", \"code\": 410, \"reason\": \"Expired\"}";

        assertThat(list(ApiResponse.of(200, FIRST), ApiResponse.of(410, expired)))
                .isInstanceOf(PodLister.Listing.Failed.class);
        assertThat(list(ApiResponse.of(200, FIRST), ApiResponse.of(200, "<html>")))
                .isInstanceOf(PodLister.Listing.Failed.class);
    }

    @Test
    void pagesWithoutEndMakeNone() {
        var empty = FIRST.replace("{\"a\": 1}", "");

        assertThat(list(ApiResponse.of(200, empty))).isInstanceOf(PodLister.Listing.Failed.class);
    }

    private PodLister.Listing list(ApiResponse... responses) {
        paths.clear();
        var calls = new Calls(
                (request, deadline) -> {
                    paths.add(request.path());
                    return responses[paths.size() - 1];
                },
                Deadline.in(Duration.ofSeconds(10)));
        return PodLister.list(calls, "x=y");
    }
}
