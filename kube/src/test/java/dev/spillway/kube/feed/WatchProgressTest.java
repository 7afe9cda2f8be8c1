package dev.spillway.kube.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.kube.feed.WatchProgress.Next;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

final class WatchProgressTest {
    private final WatchProgress progress = new WatchProgress(FeedSettings.DEFAULT);
    private long now;

    private Next empty(long lastedMillis) {
        progress.begins(10, now);
        now += lastedMillis;
        return progress.ended(now, false);
    }

    @Test
    void aServerThatEndsEachWatchAtOnceIsAskedEverMoreSeldom() {
        long watches = 0;
        var listedAt = new ArrayList<Long>();

        while (now < 300_000) {
            var next = empty(5);
            watches++;
            if (next.list()) {
                listedAt.add(now / 1000);
            }
            now += next.pause().toMillis();
        }

        assertThat(watches).isLessThan(40); // 55 a second were seen where nothing held it back
        assertThat(listedAt).startsWith(0L).hasSizeLessThan(10);
        for (int i = 1; i < listedAt.size(); i++) {
            assertThat(listedAt.get(i) - listedAt.get(i - 1))
                    .as("seconds blind")
                    .isLessThanOrEqualTo(70);
        }
        assertThat(progress.isStuck()).isTrue();
    }

    @Test
    void aVersionThatMovesOnIsProgressHoweverShortTheWatch() {
        for (int i = 0; i < 20; i++) {
            progress.begins(10 + i, now);
            progress.brought(11 + i);

            assertThat(progress.ended(now, false)).isEqualTo(new Next(Duration.ofMillis(200), false));
        }
        assertThat(progress.isStuck()).isFalse();
    }

    @Test
    void theSameBookmarkAgainAndAgainIsNoProgress() {
        for (int i = 0; i < 5; i++) {
            progress.begins(10, now);
            progress.brought(10);
            progress.ended(now, false);
        }

        assertThat(progress.isStuck()).isTrue();
    }

    @Test
    void aQuietWatchThatLastedAndBroughtABookmarkIsProgress() {
        progress.begins(10, now);
        progress.brought(10);
        now += 60_000;

        assertThat(progress.ended(now, false)).isEqualTo(new Next(Duration.ZERO, false));
    }

    @Test
    void aQuietWatchThatWasCutIsListedForAndSaidNothingAbout() {
        assertThat(empty(30_000)).isEqualTo(new Next(Duration.ZERO, true));
        for (int i = 0; i < 20; i++) {
            progress.listed(false);
            empty(30_000);
        }

        assertThat(progress.isStuck()).isFalse();
    }

    @Test
    void aWatchThatLastsAndHidesWhatHappensIsFoundOutByTheList() {
        empty(30_000);
        progress.listed(true);
        empty(30_000);

        assertThat(progress.isStuck()).isTrue();
    }

    @Test
    void aBrokenWatchGoesOnWithoutAListAtFirst() {
        progress.begins(10, now);
        assertThat(progress.ended(now, true)).isEqualTo(new Next(Duration.ofMillis(200), false));

        now += 10_000;
        progress.begins(10, now);
        assertThat(progress.ended(now, true).list()).isTrue();
    }

    @Test
    void oneEventEndsIt() {
        for (int i = 0; i < 9; i++) {
            now += empty(5).pause().toMillis();
        }
        progress.begins(10, now);
        progress.brought(11);

        assertThat(progress.isStuck()).isFalse();
        progress.ended(now, false);
        assertThat(empty(5)).isEqualTo(new Next(Duration.ofMillis(195), true));
    }
}
