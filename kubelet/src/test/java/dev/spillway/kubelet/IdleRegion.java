package dev.spillway.kubelet;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodUid;
import dev.spillway.regions.running.RunningPods;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.StreamRequest;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A region on whose streams nothing is ever said; or one that opens none, and answers when a test says so. */
final class IdleRegion implements RunningPods {
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    private volatile CompletableFuture<Optional<StreamAnswer>> answer =
            CompletableFuture.completedFuture(Optional.empty());

    /** From now on whoever wants a stream waits. */
    void hang() {
        answer = new CompletableFuture<>();
    }

    /** What those are answered who wait, and those who come. */
    void answer(StreamAnswer all) {
        answer.complete(Optional.of(all));
    }

    /** From now on streams are opened again. */
    void recover() {
        answer = CompletableFuture.completedFuture(Optional.empty());
    }

    @Override
    public Optional<String> status(InstanceId instance) {
        return Optional.empty();
    }

    @Override
    public StreamAnswer open(InstanceId instance, PodUid pod, StreamRequest request) {
        return answer.join().orElseGet(() -> {
            opened.incrementAndGet();
            return new StreamAnswer.Opened(new Idle(request.kind() == StreamRequest.Kind.LOG));
        });
    }

    private final class Idle implements StreamAnswer.Stream {
        private final boolean isLog;
        private final CountDownLatch end = new CountDownLatch(1);
        private final AtomicInteger closes = new AtomicInteger();

        private Idle(boolean isLog) {
            this.isLog = isLog;
        }

        @Override
        public int code() {
            return isLog ? 200 : 101;
        }

        @Override
        public Map<String, List<String>> headers() {
            return isLog ? Map.of() : FakeRegion.SWITCHED;
        }

        @Override
        public InputStream in() {
            return new InputStream() {
                @Override
                public int read() {
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return -1;
                }

                @Override
                public int read(byte[] bytes, int offset, int length) {
                    return length == 0 ? 0 : read();
                }
            };
        }

        @Override
        public OutputStream out() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public void close() {
            if (closes.getAndIncrement() == 0) {
                closed.incrementAndGet();
            }
            end.countDown();
        }
    }
}
