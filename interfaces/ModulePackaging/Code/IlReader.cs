using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace Evergrain.ModulePackaging;

/// <summary>Walks the instructions of a method body.</summary>
public ref struct IlReader(BlobReader body)
{
    static readonly FrozenDictionary<int, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.FieldType == typeof(OpCode)).Select(field => (OpCode)field.GetValue(null)!)
        .ToFrozenDictionary(code => (int)(ushort)code.Value);

    BlobReader body = body;

    public OpCode Code { get; private set; }

    /// <summary>The metadata token of the operand; 0 where it has none.</summary>
    public int Token { get; private set; }

    /// <summary>The operand's bits where it is no token; a switch gives a hash of its targets.</summary>
    public long Operand { get; private set; }

    /// <exception cref="BadImageFormatException">The bytes are no IL.</exception>
    public bool Read()
    {
        if (body.RemainingBytes == 0) return false;
        int value = body.ReadByte();
        if (value == 0xFE) value = 0xFE00 | body.ReadByte();
        if (!OpCodesByValue.TryGetValue(value, out var code)) throw new BadImageFormatException($"0x{value:X} is no instruction.");
        (Code, Token, Operand) = (code, 0, 0);
        switch (code.OperandType)
        {
            case OperandType.InlineNone: break;
            case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar: Operand = body.ReadSByte(); break;
            case OperandType.InlineVar: Operand = body.ReadInt16(); break;
            case OperandType.InlineI8 or OperandType.InlineR: Operand = body.ReadInt64(); break;
            case OperandType.InlineI or OperandType.InlineBrTarget or OperandType.ShortInlineR: Operand = body.ReadInt32(); break;
            case OperandType.InlineSwitch: ReadSwitch(); break;
            default: Token = body.ReadInt32(); break;
        }
        return true;
    }

    void ReadSwitch()
    {
        var targets = body.ReadInt32();
        if (targets < 0 || targets > body.RemainingBytes / 4) throw new BadImageFormatException("A switch has more targets than the method has bytes.");
        Operand = targets;
        for (var i = 0; i < targets; i++) Operand = Operand * 31 + body.ReadInt32();
    }
}
