package dev.spillway.kubelet;

import dev.spillway.kubelet.http.Peer;
import dev.spillway.kubelet.http.Pump;
import dev.spillway.kubelet.http.Replies;
import dev.spillway.regions.running.StreamAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** Carries an open stream between a client and a region. */
final class Streaming {
    private Streaming() {}

    /**
     * A log, until it ends or the client goes. A client that goes is noticed at once: a log may be silent for days, and the region's side would stay
     * open for nobody.
     */
    static void log(StreamAnswer.Stream region, Peer peer) throws IOException, InterruptedException {
        var watch = Thread.ofVirtual().name("log-client").start(() -> {
            try {
                peer.in().transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // It is gone.
            } finally {
                close(region);
            }
        });
        try {
            Replies.chunks(peer.out(), region.in());
            peer.endOutput();
        } finally {
            peer.close();
            watch.join();
        }
    }

    /** Anything, both ways. */
    static void bothWays(StreamAnswer.Stream region, Peer peer, Duration silence) throws InterruptedException {
        Pump.run(new ClientSide(peer), new RegionSide(region), silence);
    }

    private record ClientSide(Peer peer) implements Pump.Side {
        @Override
        public InputStream in() {
            return peer.in();
        }

        @Override
        public OutputStream out() {
            return peer.out();
        }

        @Override
        public void endOutput() throws IOException {
            peer.endOutput();
        }

        @Override
        public void close() {
            peer.close();
        }
    }

    private record RegionSide(StreamAnswer.Stream stream) implements Pump.Side {
        @Override
        public InputStream in() {
            return stream.in();
        }

        @Override
        public OutputStream out() {
            return stream.out();
        }

        @Override
        public void endOutput() throws IOException {
            stream.out().close();
        }

        @Override
        public void close() {
            Streaming.close(stream);
        }
    }

    private static void close(StreamAnswer.Stream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
