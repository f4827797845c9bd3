package org.lslu.torch;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.FunctionPostHook;
import org.bytedeco.pytorch.FunctionPreHook;
import org.bytedeco.pytorch.PointerConsumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The Java side of one node of the autograd graph: reachable from {@link #begin} until LibTorch
 * destroys the node.
 */
final class NodeLife {
  /** What keeps the Java side of living nodes reachable, by the address that their tokens carry. */
  private static final Map<Long, NodeLife> LIVING = new ConcurrentHashMap<>();

  private static final AtomicLong NEXT = new AtomicLong(1);
  private static final ThreadLocal<BackwardPass> PASS = ThreadLocal.withInitial(BackwardPass::new);
  private static final ThreadLocal<Deque<NodeLife>> ENDED =
      ThreadLocal.withInitial(ArrayDeque::new);

  private static @Nullable End end;
  private static Tensor[] tiny = {};
  private static @Nullable TensorVector undefined;

  private final AutogradFunction.Saved saved;
  private final AutogradFunction.Backward backward;
  private final Entry entry;
  private final Exit exit;
  private final Tensor token;

  private NodeLife(
      AutogradFunction.Saved saved, AutogradFunction.Backward backward, long address, End end) {
    this.saved = saved;
    this.backward = backward;
    this.entry = new Entry(undefined());
    this.exit = new Exit(this);
    // No elements, so that nobody reads the memory at this address: there is none.
    this.token =
        torch
            .from_blob(
                new Address(address), new long[] {0}, end, new TensorOptions(ScalarType.Float))
            .set_requires_grad(true);
  }

  /** Makes the Java side of a node; everything native in it belongs to the surrounding scope. */
  static NodeLife begin(AutogradFunction.Saved saved, AutogradFunction.Backward backward) {
    long address = NEXT.getAndIncrement();
    NodeLife life = new NodeLife(saved, backward, address, end());
    LIVING.put(address, life);
    return life;
  }

  /** How many nodes live; for tests. */
  static int living() {
    return LIVING.size();
  }

  /** The backward pass under way on this thread. */
  static BackwardPass pass() {
    return PASS.get();
  }

  Entry entry() {
    return entry;
  }

  Exit exit() {
    return exit;
  }

  Tensor token() {
    return token;
  }

  /** {@code count} one-element tensors that require gradients, the same at each call. */
  static synchronized Tensor[] tiny(int count) {
    while (tiny.length < count) {
      int present = tiny.length;
      tiny = Arrays.copyOf(tiny, present + 1);
      tiny[present] = Scopes.outside(() -> torch.zeros(1).set_requires_grad(true));
    }
    return Arrays.copyOf(tiny, count);
  }

  private static synchronized TensorVector undefined() {
    TensorVector present = undefined;
    if (present == null) {
      present = Scopes.outside(() -> new TensorVector(new Tensor()));
      undefined = present;
    }
    return present;
  }

  private static synchronized End end() {
    End present = end;
    if (present == null) {
      present = Scopes.outside(End::new);
      end = present;
    }
    return present;
  }

  /** What a backward pass on one thread hands from hook to hook and to its caller. */
  static final class BackwardPass {
    private @Nullable Tensor dy;
    private @Nullable Throwable failure;
    private boolean releasesInputs;

    /**
     * Says whether inputs are to be freed as soon as they were used; answers what was said before.
     */
    boolean releaseInputs(boolean release) {
      boolean before = releasesInputs;
      releasesInputs = release;
      return before;
    }

    /** What the backward pass of a function threw since the last call. */
    @Nullable Throwable takeFailure() {
      Throwable thrown = failure;
      failure = null;
      return thrown;
    }
  }

  /** Keeps dy for {@link Exit} and hands an undefined gradient on to the donor. */
  private static final class Entry extends FunctionPreHook {
    private final TensorVector handedOn;

    Entry(TensorVector handedOn) {
      this.handedOn = handedOn;
    }

    @Override
    public TensorVector apply(TensorVector gradients) {
      // On one thread nothing runs between a node's two hooks but the donor.
      PASS.get().dy = Scopes.outside(() -> new Tensor(gradients.get(0)));
      return handedOn;
    }
  }

  /** Returns the function's gradients in place of the donor's. */
  private static final class Exit extends FunctionPostHook {
    private final NodeLife life;

    Exit(NodeLife life) {
      this.life = life;
    }

    @Override
    public TensorVector apply(TensorVector outputs, TensorVector inputs) {
      BackwardPass pass = PASS.get();
      Tensor dy = pass.dy;
      pass.dy = null;
      if (dy == null) {
        throw new IllegalStateException("LibTorch called a node's post hook without its pre hook.");
      }
      try (PointerScope scope = new PointerScope()) {
        // Written into LibTorch's own vector, which it drops when it has copied it: a vector of
        // ours
        // would still hold the gradients when they reach the leaves, and a leaf that is not the
        // only
        // owner copies its gradient instead of keeping it, a pass over the memory each.
        life.gradients(dy, outputs);
        return outputs;
      } catch (RuntimeException | Error e) {
        // JavaCPP makes a C++ exception of it, which LibTorch's engine hands to its caller as text.
        pass.failure = e;
        throw e;
      } finally {
        dy.close();
        if (pass.releasesInputs) {
          life.saved.release();
        }
      }
    }
  }

  /** One gradient for each input; the last place is the token's and stays undefined. */
  private void gradients(Tensor dy, TensorVector into) {
    if (dy.defined()) {
      Tensor[] gradients = AutogradFunction.gradients(backward, dy, saved);
      for (int i = 0; i < gradients.length; i++) {
        into.put(i, gradients[i]);
      }
    }
  }

  /** A native address that is a number and leads nowhere. */
  private static final class Address extends Pointer {
    Address(long address) {
      this.address = address;
    }
  }

  /** Runs when LibTorch frees a token, which is when it destroys the token's node. */
  private static final class End extends PointerConsumer {
    @Override
    public void call(Pointer token) {
      try {
        NodeLife life = LIVING.remove(token.address());
        if (life != null) {
          release(life);
        }
      } catch (RuntimeException | Error e) {
        // A C++ destructor called this: nothing may be thrown through it.
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      }
    }

    /**
     * Frees the saved inputs. Freeing one may destroy the node that computed it, whose token is
     * then freed, and so on down the network: a queue keeps the stack flat.
     */
    private static void release(NodeLife life) {
      Deque<NodeLife> ended = ENDED.get();
      boolean outermost = ended.isEmpty();
      ended.addLast(life);
      if (outermost) {
        while (!ended.isEmpty()) {
          ended.getFirst().saved.release();
          ended.removeFirst();
        }
      }
    }
  }
}
