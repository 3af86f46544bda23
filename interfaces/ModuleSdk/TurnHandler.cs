namespace Evergrain.ModuleSdk;

/// <summary>A handler without arguments and result: a frame, or a step of the entity's life. Never awaits.</summary>
public abstract class TurnHandler
{
    private protected TurnHandler() { }
    public abstract Delegate Handler { get; }
    public abstract void Invoke(TurnContext context);
}

internal sealed class TurnHandler<TState>(ModuleJson json, Action<Turn<TState>> handler) : TurnHandler where TState : class
{
    public override Delegate Handler => handler;
    public override void Invoke(TurnContext context) => handler(new Turn<TState>(context, json));
}
