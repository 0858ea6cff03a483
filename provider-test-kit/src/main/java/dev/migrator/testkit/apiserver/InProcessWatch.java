package dev.migrator.testkit.apiserver;

import io.fabric8.kubernetes.client.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One watch between server and client, shaped as the web socket that it would be. */
final class InProcessWatch implements WebSocket, WatchStream.Sink {

  private static final Logger LOGGER = LoggerFactory.getLogger(InProcessWatch.class);
  private static final int NORMAL = 1000;

  private final WebSocket.Listener listener;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile @Nullable WatchStream stream;

  InProcessWatch(WebSocket.Listener listener) {
    this.listener = listener;
  }

  void open(WatchStream opened) {
    stream = opened;
    listener.onOpen(this);
    opened.request(1); // the client asks for more after each frame, never for the first
  }

  @Override
  public void frame(String frame) {
    try {
      listener.onMessage(this, frame);
    } catch (RuntimeException | SimulatedCrash failure) {
      // The writer, on whose thread this runs, is not to blame for what a watcher does.
      LOGGER.atWarn().setCause(failure).log("A watcher failed");
    }
  }

  @Override
  public void end() {
    sendClose(NORMAL, "The server ends the watch");
  }

  @Override
  public boolean send(ByteBuffer buffer) {
    return false;
  }

  @Override
  public boolean sendClose(int code, @Nullable String reason) {
    if (!closed.compareAndSet(false, true)) {
      return false;
    }
    WatchStream open = stream;
    if (open != null) {
      open.cut();
    }
    listener.onClose(this, code, reason == null ? "" : reason);
    return true;
  }

  @Override
  public long queueSize() {
    return 0;
  }

  @Override
  public void request() {
    WatchStream open = stream;
    if (open != null) {
      open.request(1);
    }
  }
}
